"""The sizes of the house: not the mean but the tail, where good and bad houses differ."""

import statistics
import sys

import house


def line(what: str, lengths: dict[str, int]) -> str:
    ordered = sorted(lengths.values())
    longest = max(lengths, key=lengths.__getitem__)
    tail = ordered[int(len(ordered) * 0.95)]
    return (
        f"{what:<10} {len(ordered):>5}   median {statistics.median(ordered):>5.0f}   95 % under {tail + 1:>4}   "
        f"longest {lengths[longest]:>4}  {longest}\n"
    )


def main() -> None:
    functions = {
        f"{module.where}:{function.lineno} {function.name}": house.length(function)
        for module in house.modules()
        for function in module.functions()
    }
    modules = {module.where: len(module.text.splitlines()) for module in house.modules()}
    spiders = {module.where: len(module.text.splitlines()) for module in house.spiders()}
    sys.stdout.write("Lines of code\n")
    for what, lengths in (("functions", functions), ("modules", modules), ("spiders", spiders)):
        if lengths:
            sys.stdout.write(line(what, lengths))


if __name__ == "__main__":
    main()
