"""One decoded code, which a user can drag through the latent space."""

from __future__ import annotations

import numpy as np

from livenet.errors import OptionError
from livenet.models.autoencoder import Vae
from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.autoencoders.codes import (
    LEAST_REACH,
    Codes,
    Floats,
    Plane,
    class_names,
    codes,
    decoded,
    plane,
    shown_part,
)
from livenet.probes.autoencoders.rows import DecodeOptions
from livenet.probes.context import Context
from livenet.probes.incomplete import incomplete

CODE_LIMIT = 1e6
MAX_SLIDERS = 32  # dimensions with a ``reach``


def decode(context: Context, options: DecodeOptions) -> Picture:
    """Plots ``decoded``, the mean image of a code, and ``nearest``, the image with the nearest
    code, as the model reads it. Facts: z, its ``point`` in the plane, ``reach``, the range
    [low, high] of codes in each of the first dimensions, the nearest image's class and distance,
    the images that are searched for it (``searched``), of a VAE log p(z).

    Raises OptionError for a wrong number of dimensions, or an image that does not exist.
    """
    found = codes(context)
    surface = plane(found)
    z = _code(options, surface, found)
    point = surface.project(z[None])[0]
    image = decoded(context, z[None])
    row, distance = _nearest(z, found)
    name = class_names(context)[int(found.classes[row])]
    facts = {
        "z": [round(float(value), 4) for value in z],
        "point": [round(float(value), 4) for value in point],
        "reach": _reach(context, found),
        "nearest": name,
        "distance": distance,
        "searched": found.searched,
        **incomplete(found.missing),
    }
    if isinstance(context.model, Vae):
        facts["log_prior"] = float(-0.5 * (z @ z + len(z) * np.log(2 * np.pi)))
    theirs = context.parts[shown_part(context)][0][row].cpu().numpy()  # (1, H, W)
    plots = (
        Plot("decoded", (Images(grid(image), columns=1),), title="Decoded", note=_written(z)),
        Plot("nearest", (Images(grid(theirs), columns=1),), title="Nearest image", note=name),
    )
    return Picture(context.step, plots, facts)


def _code(options: DecodeOptions, surface: Plane, found: Codes) -> Floats:
    width = found.mean.shape[1]
    if options.z is not None:
        return _numbers(options.z, width, width, "options.z")
    if options.image is not None:
        if options.image >= len(found.mean):
            raise OptionError(
                f"image is {options.image}; {len(found.mean)} images have codes here",
                path="options.image",
                hint=f"Give 0 to {len(found.mean) - 1}.",
            )
        own: Floats = found.mean[options.image]
        return own
    middle = [0.0, 0.0] if options.point is None else options.point
    point = _numbers(middle, 2, width, "options.point")
    lifted: Floats = surface.lift(point[None])[0]
    return lifted


def _numbers(given: list[float], wanted: int, width: int, path: str) -> Floats:
    if len(given) != wanted or not all(abs(value) < CODE_LIMIT for value in given):
        raise OptionError(
            f"{path.removeprefix('options.')} is {given!r:.80}; it has {wanted} numbers here",
            path=path,
            hint=f"Give z as {width} numbers, or a point of the plane as 2.",
        )
    return np.array(given, dtype=np.float64)


def _reach(context: Context, found: Codes) -> list[list[float]]:
    """The least and the largest of the codes in each dimension; a VAE's at least the prior's."""
    sound = np.nan_to_num(found.mean[:, :MAX_SLIDERS])
    low, high = sound.min(0), sound.max(0)
    if isinstance(context.model, Vae):
        low, high = np.minimum(low, -LEAST_REACH), np.maximum(high, LEAST_REACH)
    return np.stack([low, high], axis=1).round(3).tolist()  # type: ignore[no-any-return]


def _nearest(z: Floats, found: Codes) -> tuple[int, float | None]:
    """The image with the code nearest to z, and the distance."""
    distances = np.linalg.norm(found.mean - z, axis=1)
    if not np.isfinite(distances).any():
        return 0, None
    row = int(np.nanargmin(distances))
    return row, float(distances[row])


def _written(z: Floats) -> str:
    shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in z[:4])
    return f"z = ({shown}{', …' if len(z) > 4 else ''})"
