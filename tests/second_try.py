"""Tries a browser test once more if it fails, and lists at the end which tests needed that.

A pytest plugin. The second try starts afresh, with fixtures of every scope made anew: the browser
or the server may be what is broken. Each test on the list is a defect to mend.
"""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

RERUN = "rerun"  # the outcome of a first try, by the name that other plugins use for it


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if item.get_closest_marker("browser") is None or item.config.getoption("usepdb"):
        return None
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if any(report.failed for report in reports):
        for report in (*reports, _tear_down(item)):
            if report.failed:
                report.outcome = RERUN  # type: ignore[assignment]  # an outcome of its own
                hook.pytest_runtest_logreport(report=report)
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _tear_down(item: pytest.Item) -> pytest.TestReport:
    """Ends the fixtures of all scopes."""
    call = pytest.CallInfo.from_call(
        lambda: item.session._setupstate.teardown_exact(None),
        when="teardown",
        reraise=(KeyboardInterrupt, pytest.exit.Exception),
    )
    return pytest.TestReport.from_item_and_call(item, call)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, object] | None:
    if report.outcome == RERUN:
        return RERUN, "R", ("RERUN", {"yellow": True})
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stats = terminalreporter.stats
    again = {report.nodeid for name in ("failed", "error") for report in stats.get(name, ())}
    if RERUN in stats:
        terminalreporter.section("needed a second try (a defect to mend)", yellow=True, bold=True)
    for report in stats.get(RERUN, ()):
        end = "failed again" if report.nodeid in again else "passed then"
        terminalreporter.write_line(
            f"needed a second try, and {end}: {report.nodeid}", yellow=True, bold=True
        )
        terminalreporter.write_line(report.longreprtext)
