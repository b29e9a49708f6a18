"""The pages into which an exported network is filled."""

from __future__ import annotations

__all__ = ["LISTS", "NUMPY", "C"]

_PYTHON = '''\
"""A network in KIND, written by Glasswork.

    python {name} < rows.csv      reads rows of {width} numbers, prints the outputs for each
    python {name} --self-test     compares with outputs that were stored when this was written

{title}
"""

{imports}


def predict({inputs}):
    """Give the outputsWHICH"""
{lines}
{functions}

def self_test():
    """Tell how far the outputs for the example are from those that were stored."""
TESTED


def main():
    """Predict the rows that come in, or test."""
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(0 if self_test() else "These are not the outputs of the network.")
    if sys.argv[1:]:
        sys.exit("Rows of numbers come in by standard input: python {name} < rows.csv")
READ


{constants}

if __name__ == "__main__":
    main()
'''


def _python(**parts: str) -> str:
    page = _PYTHON
    for place, text in parts.items():
        page = page.replace(place, text)
    return page


NUMPY = _python(
    KIND="NumPy",
    WHICH=", {output}, for inputs {described}.",
    TESTED="""\
    difference = np.max(np.abs(predict(*EXAMPLE) - EXPECTED) / (1 + np.abs(EXPECTED)))
    print(f"largest relative difference: {{difference:.1e}}")
    return difference < {tolerance}""",
    READ="""\
    try:
        table = np.loadtxt(sys.stdin, delimiter=",", ndmin=2)
    except ValueError as error:
        sys.exit(f"These are no rows of numbers: {{error}}.")
    if table.shape[1] != {width}:
        sys.exit(f"A row has {width} numbers; these have {{table.shape[1]}}.")
    outputs = np.atleast_1d(predict({parts}))
    np.savetxt(sys.stdout, outputs.reshape(len(outputs), -1), "%.9g", delimiter=",")""",
)

LISTS = _python(
    KIND="Python alone",
    WHICH=" for one row, a list of {width} numbers.",
    TESTED="""\
    found = [v for row in EXAMPLE for v in predict(row)]
    differences = [abs(a - b) / (1 + abs(b)) for a, b in zip(found, EXPECTED)]
    print(f"largest relative difference: {{max(differences):.1e}}")
    return all(difference < {tolerance} for difference in differences)""",
    READ="""\
    for line in sys.stdin:
        try:
            row = [float(word) for word in line.split(",")]
        except ValueError as error:
            sys.exit(f"This is no row of numbers: {{error}}.")
        if len(row) != {width}:
            sys.exit(f"A row has {width} numbers; this one has {{len(row)}}: {{line.strip()}}")
        print(*(format(v, ".9g") for v in predict(row)), sep=",")""",
)

C = """\
/* A network in C99, written by Glasswork.
 *
 *     cc -std=c99 -O2 -DGLASSWORK_MAIN -o {program} {name} -lm
 *     ./{program} < rows.csv       reads rows of {inputs} numbers, prints the outputs for each
 *     ./{program} --self-test      compares with outputs that were stored when this was written
 *
{title}
 */

#include <math.h>

#define INPUTS {inputs}
#define OUTPUTS {outputs}

void predict(const float *x, float *y);
void predict_rows(const float *x, float *y, int rows);

{constants}
{functions}
/* The outputs for one row. */
void predict(const float *x, float *y) {{
{body}
}}

/* The outputs for several rows, one after the other. */
void predict_rows(const float *x, float *y, int rows) {{
    for (int i = 0; i < rows; i++) predict(x + i * INPUTS, y + i * OUTPUTS);
}}

#ifdef GLASSWORK_MAIN
#include <stdio.h>
#include <string.h>

#define ROWS {rows}

{example}
{expected}

static int self_test(void) {{
    float found[ROWS * OUTPUTS], largest = 0;
    predict_rows(example, found, ROWS);
    for (int i = 0; i < ROWS * OUTPUTS; i++) {{
        float difference = fabsf(found[i] - expected[i]) / (1 + fabsf(expected[i]));
        if (difference > largest || difference != difference) largest = difference;
    }}
    printf("largest relative difference: %.1e\\n", (double)largest);
    return largest < {tolerance}f ? 0 : 1;
}}

int main(int argc, char **argv) {{
    float x[INPUTS], y[OUTPUTS];
    if (argc > 1 && strcmp(argv[1], "--self-test") == 0) return self_test();
    if (argc > 1) {{
        fprintf(stderr, "Rows of numbers come in by standard input: %s < rows.csv\\n", argv[0]);
        return 1;
    }}
    for (;;) {{
        for (int i = 0; i < INPUTS; i++) {{
            int found = i ? scanf(" ,%f", &x[i]) : scanf("%f", &x[i]);
            if (found == EOF && i == 0) return 0;
            if (found != 1) {{
                fprintf(stderr, "This is no row of %d numbers.\\n", INPUTS);
                return 1;
            }}
        }}
        predict(x, y);
        for (int i = 0; i < OUTPUTS; i++) printf(i ? ",%.9g" : "%.9g", (double)y[i]);
        printf("\\n");
    }}
}}
#endif
"""
