"""One code, decoded: what one drags through the latent space."""

from __future__ import annotations

import numpy as np

from livenet.errors import OptionError
from livenet.models.autoencoder import Vae
from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.codes import (
    Codes,
    Floats,
    Plane,
    class_names,
    codes,
    decoded,
    plane,
    shown_part,
)
from livenet.probes.context import Context
from livenet.probes.rows.autoencoders import DecodeOptions

FAR = 1e6


def decode(context: Context, options: DecodeOptions) -> Picture:
    """Plots ``decoded``, the mean image of ``z`` or of a ``point`` of the latent plane, and
    ``nearest``, the image whose code is nearest, as the model reads it. Facts: z, the point, the
    nearest image's class and distance, of a VAE log p(z).

    Raises OptionError for as many numbers as there are no dimensions.
    """
    found = codes(context)
    surface = plane(found)
    z = _code(options, surface, found.mean.shape[1])
    point = surface.project(z[None])[0]
    image = decoded(context, z[None])
    row, distance = _nearest(z, found)
    name = class_names(context)[int(found.classes[row])]
    facts = {
        "z": [round(float(value), 4) for value in z],
        "point": [round(float(value), 4) for value in point],
        "nearest": name,
        "distance": distance,
    }
    if isinstance(context.model, Vae):
        facts["log_prior"] = float(-0.5 * (z @ z + len(z) * np.log(2 * np.pi)))
    theirs = context.parts[shown_part(context)][0][row].cpu().numpy()  # (1, H, W)
    plots = (
        Plot("decoded", (Images(grid(image), columns=1),), title="Decoded", note=_written(z)),
        Plot("nearest", (Images(grid(theirs), columns=1),), title="Nearest image", note=name),
    )
    return Picture(context.step, plots, facts)


def _code(options: DecodeOptions, surface: Plane, width: int) -> Floats:
    given, wanted, path = (
        (options.point, 2, "options.point")
        if options.z is None
        else (options.z, width, "options.z")
    )
    given = [0.0] * wanted if given is None else given
    if len(given) != wanted or not all(abs(value) < FAR for value in given):
        raise OptionError(
            f"{path.removeprefix('options.')} is {given!r:.80}; it has {wanted} numbers here",
            path=path,
            hint=f"Give z as {width} numbers, or a point of the plane as 2.",
        )
    numbers = np.array(given, dtype=np.float64)
    return numbers if options.z is not None else surface.lift(numbers[None])[0]


def _nearest(z: Floats, found: Codes) -> tuple[int, float | None]:
    """The image whose code is nearest to z, and how far it is."""
    distances = np.linalg.norm(found.mean - z, axis=1)
    if not np.isfinite(distances).any():
        return 0, None
    row = int(np.nanargmin(distances))
    return row, float(distances[row])


def _written(z: Floats) -> str:
    shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in z[:4])
    return f"z = ({shown}{', …' if len(z) > 4 else ''})"
