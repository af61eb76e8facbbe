"""Metrics for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from livenet.api.monitoring.metrics import Metrics
from livenet.api.routes.documents import EVERYWHERE

router = APIRouter(tags=["about"])


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Get metrics",
    response_class=Response,
    responses=EVERYWHERE | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def everything(request: Request) -> Response:
    """Get counters, gauges and histograms, in Prometheus's text format."""
    metrics: Metrics = request.app.state.metrics
    headers = {"content-type": CONTENT_TYPE_PLAIN_0_0_4, "cache-control": "no-store"}
    return Response(metrics.text(), headers=headers)
