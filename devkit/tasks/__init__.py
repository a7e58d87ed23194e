"""The verbs: a task reads its options, calls one function, renders, exits."""

from __future__ import annotations

from invoke import Collection

from devkit.tasks.compare import compare
from devkit.tasks.conformance import conformance
from devkit.tasks.doctor import doctor
from devkit.tasks.down import down
from devkit.tasks.migrate import migrate
from devkit.tasks.new import new
from devkit.tasks.onboard import onboard
from devkit.tasks.pin import pin
from devkit.tasks.psql import psql
from devkit.tasks.reset import reset
from devkit.tasks.schema import schema
from devkit.tasks.seed import seed
from devkit.tasks.status import status
from devkit.tasks.up import up
from devkit.tasks.verify import verify
from devkit.tasks.watch import watch

namespace = Collection(
    onboard, doctor, verify, watch, migrate, status, new, up, down, reset, seed, psql, pin, schema, compare, conformance
)
