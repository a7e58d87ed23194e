"""Machines as they are found, good and bad ones, for each check."""

from __future__ import annotations

from tests.devkit.doctor.clusters import CLUSTER
from tests.devkit.doctor.networks import NETWORK
from tests.devkit.doctor.nodes import INSIDE
from tests.devkit.doctor.repositories import REPOSITORY
from tests.devkit.doctor.resources import MACHINE
from tests.devkit.doctor.tools import TOOLS

SITUATIONS = (*TOOLS, *MACHINE, *CLUSTER, *INSIDE, *NETWORK, *REPOSITORY)
