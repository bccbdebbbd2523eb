"""How long the laws look: quick and the same each time, or long and each time elsewhere."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# ODR_FUZZ_TIMES=50 pytest tests/fuzz: fifty times as many examples, of another chance each night.
TIMES = int(os.environ.get("ODR_FUZZ_TIMES", "0"))
SEEDS = st.integers(0, 10**6)


def looked_at(examples: int) -> settings:
    """So many examples in a quick run. A smaller seed is no simpler store: nothing is shrunk."""
    return settings(
        max_examples=examples * max(1, TIMES),
        derandomize=not TIMES,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
