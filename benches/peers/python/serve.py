"""Lines of JSON in, lines of JSON out: a problem is answered with its gradient, a number of runs with their seconds."""

import json
import sys
import time


def serve(problems):
    """`problems` gives for a name a function of the request, which returns the gradient and a function that runs once."""
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        if "problem" in request:
            gradient, run = problems[request["problem"]](request)
            print(json.dumps(gradient), flush=True)
        else:
            start = time.perf_counter()
            for _ in range(request["runs"]):
                run()
            print(json.dumps(time.perf_counter() - start), flush=True)
