"""Exact linear regions of networks with piecewise linear activations. NumPy only.

Input
    Layer, InputMap            a dense layer; the affine map that may precede the first
    Affine, Bend, MaxPool, Residual, Step
                               a network step by step: convolutions, poolings, blocks
    PiecewiseLinear            an activation, by its breaks, slopes and intercepts
    LINEAR, RELU, HARD_TANH, leaky_relu

In the plane
    plane_regions              -> PlaneRegions: the regions in a window, as a Mesh of faces
    LinearRegions              faces with one map, merged
    Polygons                   the faces as compact arrays

On the line
    line_regions               -> LineRegions: intervals, joints, slopes

Anywhere
    region_at                  -> RegionAt: the pattern and the affine map at a point
    outputs_at                 a forward pass
    bounds, network_bounds     upper bounds on the number of regions

Implementation: sweep passes a subdivision through the steps; vertices and splitting cut it,
bend_cells along the breaks of units, pool_cells (with merging) where the largest unit of a window
changes; forward has the network as affine maps; mesh, level_set and linear_regions (by fitted_maps,
if the outputs were stored) read the result.

The path of a face: window_mesh (mesh) -> sweep, step by step: cut_bends (bend_cells) or cut_pools
(pool_cells), which split it -> PlaneRegions (plane) -> linear_regions, which merges faces with
equal maps -> polygons, packed for a picture.
"""

from livenet.geometry.bounds import bounds, network_bounds
from livenet.geometry.forward import AffineMaps, outputs_at
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.line import LineRegions, line_regions
from livenet.geometry.linear_regions import LinearRegions
from livenet.geometry.mesh import Edges, Mesh
from livenet.geometry.piecewise import HARD_TANH, LINEAR, RELU, PiecewiseLinear, leaky_relu
from livenet.geometry.plane import PlaneRegions, plane_regions
from livenet.geometry.polygons import Polygons
from livenet.geometry.region_at import RegionAt, region_at
from livenet.geometry.steps import Affine, Bend, MaxPool, Residual, Step, dense

__all__ = [
    "HARD_TANH",
    "LINEAR",
    "RELU",
    "Affine",
    "AffineMaps",
    "Bend",
    "Edges",
    "InputMap",
    "Layer",
    "LineRegions",
    "LinearRegions",
    "MaxPool",
    "Mesh",
    "PiecewiseLinear",
    "PlaneRegions",
    "Polygons",
    "RegionAt",
    "Residual",
    "Step",
    "bounds",
    "dense",
    "leaky_relu",
    "line_regions",
    "network_bounds",
    "outputs_at",
    "plane_regions",
    "region_at",
]
