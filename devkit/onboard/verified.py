"""Verified: the files are replayed on the stack's own server, and the living stack is held against them."""

from __future__ import annotations

from devkit.onboard.ground import Ground
from devkit.onboard.step import Look, met, needed, wrong
from devkit.stack.living import verify_stack
from devkit.words import plural


class Verified:
    """Never met beforehand: it is the proof of the others."""

    name = "verify"
    changes = False

    def look(self, ground: Ground) -> Look:
        """There is nothing to see before it is done."""
        del ground
        return needed("replay the migrations on the stack's server, ask every service, compare what runs")

    def meet(self, ground: Ground) -> Look:
        """Verify the living stack."""
        environ = dict(ground.cluster.environ)
        with ground.board() as board:
            ground.verdict = verify_stack(
                ground.order.request, ground.cluster, environ, lambda text: board([("verify", text)])
            )
        summary = ground.verdict.summary
        said = f"{plural(summary.errors, 'error')}, {plural(summary.warnings, 'warning')}"
        return wrong(said, "mend what is said above") if ground.verdict.exit_code else met(said)
