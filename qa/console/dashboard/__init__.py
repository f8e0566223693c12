"""The console's first page: figures of a period, each with its formula and the calls behind it; the daily digest."""
