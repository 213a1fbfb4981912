"""Fisher's exact test agrees with the reference implementation."""

import numpy as np
from scipy.stats import fisher_exact

from icp_core.voice.exact import share_p


def test_the_p_value_is_the_one_of_the_reference():
    rng = np.random.default_rng(3)
    for _ in range(40):
        n, n_rest = (int(x) for x in rng.integers(1, 60, 2))
        k, k_rest = int(rng.integers(0, n + 1)), int(rng.integers(0, n_rest + 1))
        expected = fisher_exact([[k, n - k], [k_rest, n_rest - k_rest]]).pvalue
        assert abs(share_p(k, n, k_rest, n_rest) - expected) < 1e-9


def test_an_empty_side_has_no_p_value():
    assert np.isnan(share_p(0, 0, 3, 5))
