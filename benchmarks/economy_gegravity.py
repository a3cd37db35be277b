"""The package gegravity on its own sample, timed; run by an interpreter that has it.

    PYTHON benchmarks/economy_gegravity.py FOLDER > answer.json

``FOLDER`` holds the sample and its parameters. Prints, for each experiment, the seconds of building
the baseline and of answering, trade after it and the change of factory gate prices.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path

import gegravity  # pyright: ignore[reportMissingImports]
import pandas as pd  # pyright: ignore[reportMissingImports]

COSTS = ("lndist", "contiguity", "common_language", "pta", "international")


def main() -> None:
    """Answer both experiments that can be stated in the sample's own columns."""
    folder = Path(sys.argv[1])
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):  # the package reports its progress there
        for name, balanced in (("A_can_jpn_pta", False), ("B_can_jpn_pta_balanced", True)):
            found[name] = answer(folder, meta, balanced=balanced)
    print(json.dumps(found))


def answer(folder: Path, meta: dict[str, object], *, balanced: bool) -> dict[str, object]:
    """Return one experiment's answer and its seconds."""
    data = pd.read_csv(folder / "sample_data_set.dlm")
    data["constant"] = 1
    if balanced:
        world = data.drop_duplicates("exporter")["Y"].sum()
        data["E"] = data["E"] * world / data.drop_duplicates("importer")["E"].sum()
    coefficients = {name: meta["beta"][name] for name in (*COSTS, "constant")}
    table = pd.DataFrame({"var": list(coefficients), "coeff": list(coefficients.values())})
    began = time.process_time()
    model = gegravity.OneSectorGE(
        baseline=gegravity.BaselineData(
            data, trade_var_name="trade", expend_var_name="E", output_var_name="Y"
        ),
        year="2006",
        reference_importer=meta["reference_importer"],
        sigma=meta["sigma"],
        cost_variables=[*COSTS, "constant"],
        cost_coeff_values=gegravity.CostCoeffs(table, identifier_col="var", coeff_col="coeff"),
        quiet=True,
    )
    model.build_baseline(omr_rescale=10)
    built = time.process_time() - began
    experiment = model.baseline_data.copy()
    pair = experiment["exporter"].isin(["CAN", "JPN"]) & experiment["importer"].isin(["CAN", "JPN"])
    experiment.loc[pair & (experiment["exporter"] != experiment["importer"]), "pta"] = 1
    began = time.process_time()
    model.define_experiment(experiment)
    model.simulate()
    seconds = time.process_time() - began
    trade = model.bilateral_trade_results.reset_index()
    column = next(name for name in trade.columns if "experiment" in name and "trade" in name)
    price = model.country_results.filter(like="factory gate price change").iloc[:, 0]
    return {
        "build": built,
        "seconds": seconds,
        "trade": [
            [row["exporter"], row["importer"], float(row[column])] for _, row in trade.iterrows()
        ],
        "price": {country: float(change) for country, change in price.items()},
    }


if __name__ == "__main__":
    main()
