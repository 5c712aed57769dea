# Reads a scrape with the reference parsers of the Prometheus project (pip install prometheus_client),
# of which the one for OpenMetrics is strict. Prints how many samples there are.
import sys
from prometheus_client import parser as text
from prometheus_client.openmetrics import parser as openmetrics

kinds = {"text": text, "openmetrics": openmetrics}
with open(sys.argv[2], encoding="utf-8", newline="") as scrape:
    families = list(kinds[sys.argv[1]].text_fd_to_metric_families(scrape))
names = [family.name for family in families]
assert len(names) == len(set(names)), "a family comes twice"
print(sum(len(family.samples) for family in families))
