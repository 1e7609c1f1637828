"""A comparison as people and programs want to read it."""

from __future__ import annotations

from typing import Any

from edged_bench.comparison import Comparison


def text(comparison: Comparison) -> str:
    """One table: medians in microseconds, and ratios to ours."""
    rows = [("", "µs", "least", "× ours", "")]
    for section in comparison.sections:
        rows.append((section.title, "", "", "", ""))
        for row in section.rows:
            ratio = f"{row.ratio:.2f}" if row.times is not row.ours else ""
            rows.append((f"  {row.name}", f"{row.times.median:.1f}", f"{row.times.least:.1f}", ratio, row.note))
    widths = [max(len(cells[column]) for cells in rows) for column in range(5)]
    lines = [f"processor {comparison.processor}, one thread; kernels {comparison.kernels}"]
    if comparison.peak:
        lines[0] += f"; register peak {comparison.peak / 1e9:.0f} GMAC/s"
    lines.append("")
    for cells in rows:
        words = [cells[0].ljust(widths[0]), *(cells[column].rjust(widths[column]) for column in (1, 2, 3)), cells[4]]
        lines.append("  ".join(words).rstrip())
    return "\n".join(lines) + "\n"


def document(comparison: Comparison) -> dict[str, Any]:
    """The same for programs: times in microseconds."""
    return {
        "processor": comparison.processor,
        "kernels": comparison.kernels,
        "peak_mac_per_s": comparison.peak,
        "sections": [
            {
                "title": section.title,
                "rows": [
                    {
                        "name": row.name,
                        "median_us": row.times.median,
                        "least_us": row.times.least,
                        "ratio": row.ratio,
                        "note": row.note,
                    }
                    for row in section.rows
                ],
            }
            for section in comparison.sections
        ],
    }
