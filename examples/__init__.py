"""Programs and repositories that show how devkit and its sample stack are used."""
