"""Writes the table of Sources/FixedPoint/NaturalLogarithm+Table.swift: ln(1 + i/64) in Q30."""

from decimal import Decimal, getcontext

getcontext().prec = 40


def q30(value: Decimal) -> int:
    return int((value * 2**30).to_integral_value())


entries = [q30((1 + Decimal(i) / 64).ln()) for i in range(65)]

print("// Written by tools/tables/logarithm.py.")
print()
print("/// ln(1 + i/64) in Q30, i = 0…64.")
print("let logarithms: InlineArray<65, Int32> = [")
for start in range(0, 65, 7):
    print("  " + ", ".join(f"{e:_}" for e in entries[start : start + 7]) + ",")
print("]")
print()
print("/// ln 2 in Q30.")
print(f"let logarithmOfTwo: Int64 = {q30(Decimal(2).ln()):_}")
