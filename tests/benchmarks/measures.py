"""How near one picture is to another: PSNR and SSIM, by their published formulas."""

import numpy as np
from numpy.typing import NDArray

from imagechat_tui.render.palette import luma

Raster = NDArray[np.uint8]

_RADIUS = 5
_SIGMA = 1.5
_C1 = (0.01 * 255) ** 2
_C2 = (0.03 * 255) ** 2


def psnr(one: Raster, other: Raster) -> float:
    """Peak signal to noise ratio over all channels, in dB."""
    error = float(((one.astype(np.float32) - other.astype(np.float32)) ** 2).mean())
    return 10 * np.log10(255**2 / error) if error else float("inf")


def ssim(one: Raster, other: Raster) -> float:
    """Mean structural similarity of the brightness, with the Gaussian window of Wang et al. (11 x 11, sigma 1.5)."""
    first, second = luma(one), luma(other)
    mean_1, mean_2 = _blurred(first), _blurred(second)
    variance_1 = _blurred(first * first) - mean_1 * mean_1
    variance_2 = _blurred(second * second) - mean_2 * mean_2
    covariance = _blurred(first * second) - mean_1 * mean_2
    top = (2 * mean_1 * mean_2 + _C1) * (2 * covariance + _C2)
    bottom = (mean_1 * mean_1 + mean_2 * mean_2 + _C1) * (variance_1 + variance_2 + _C2)
    return float((top / bottom).mean())


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float64]:
    steps = np.arange(-_RADIUS, _RADIUS + 1)
    weights = np.exp(-(steps**2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    across = sum(weight * values[:, i : values.shape[1] - 2 * _RADIUS + i] for i, weight in enumerate(weights))
    return np.asarray(
        sum(weight * across[i : len(values) - 2 * _RADIUS + i] for i, weight in enumerate(weights)), np.float64
    )
