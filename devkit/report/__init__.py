"""A verdict in the form that its reader takes: a person, a program, a code host. Pure: no IO here."""

FORMATS = ("text", "json", "github", "sarif")
