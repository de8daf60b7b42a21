"""Write a workbook of the sample to a file: ``python -m tbt_watch.sample OUT [--export | --rows N]``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from tbt_watch.sample.bulk import write_bulk_workbook
from tbt_watch.sample.bundle import Edition
from tbt_watch.sample.workbook import Shape, build_workbook


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the bulk workbook that the stand-in serves, a search's export, or a large varied one."""
    parser = argparse.ArgumentParser(prog="python -m tbt_watch.sample", description=main.__doc__)
    parser.add_argument("out", type=Path, help="where the .xlsx goes")
    parser.add_argument(
        "--export", action="store_true", help="all records, in the shape of a search's export"
    )
    parser.add_argument("--rows", type=int, metavar="N", help="a bulk workbook of N varied rows instead")
    given = parser.parse_args(arguments)
    if given.rows:
        write_bulk_workbook(given.out, given.rows)
        return
    edition = Edition.bundled()
    shape: Shape = "export" if given.export else "bulk"
    records = edition.records if given.export else edition.workbook_records()
    given.out.write_bytes(build_workbook(records, edition.downloads, shape=shape))


if __name__ == "__main__":
    main()
