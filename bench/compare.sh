#!/usr/bin/env bash
# Times the peers and Glissade in turn, several rounds, and prints a Markdown table of the best times and their ratios.
#
#   bench/compare.sh [WORK…]      WORK: train-step, matrix-product, optimizer-step, elementwise, convolution, pooling; all unless given
#
# Environment: PEERS    folder of torch_train_step.py and torch_optimizer_step.py (needed for train-step and optimizer-step)
#              PYTHON   a Python with PyTorch and NumPy (/usr/bin/python3)
#              ROUNDS   rounds of peer and project in turn (3)
#              REPEATS  repeats of each measurement within a round (20)
#              THREADS  threads for both (1)
#              KEEP     a folder to keep the measurements in, and to add to those already there
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-/usr/bin/python3}
rounds=${ROUNDS:-3}
export REPEATS=${REPEATS:-20} THREADS=${THREADS:-1}
work=("$@")
[[ ${#work[@]} -gt 0 ]] || work=(train-step matrix-product optimizer-step elementwise convolution pooling)

if [[ -n ${KEEP:-} ]]; then
  mkdir -p "$KEEP"
  results=$KEEP
else
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
fi

peer_script() {
  case $1 in
    train-step) echo "${PEERS:?set PEERS to the folder of torch_train_step.py}/torch_train_step.py" ;;
    optimizer-step) echo "${PEERS:?set PEERS to the folder of torch_optimizer_step.py}/torch_optimizer_step.py" ;;
    matrix-product) echo "$here/peers/openblas_matrix_product.py" ;;
    convolution) echo "$here/peers/torch_convolution.py" ;;
    pooling) echo "$here/peers/torch_pooling.py" ;;
    elementwise) ;; # its measure is a loop written by hand, in the project itself
    *) echo "compare.sh: there is no work '$1'; there are train-step, matrix-product, optimizer-step, elementwise, convolution, pooling" >&2; return 2 ;;
  esac
}

for one in "${work[@]}"; do peer_script "$one" >/dev/null; done
dotnet build -c Release -v quiet --nologo "$here/Glissade.Comparison" >&2
glissade() { dotnet run -c Release --no-build --project "$here/Glissade.Comparison" -- "$@" --json --threads "$THREADS" --repeats "$REPEATS"; }

for ((round = 1; round <= rounds; round++)); do
  glissade machine >>"$results/machine.jsonl"
  for one in "${work[@]}"; do
    echo "round $round of $rounds: $one" >&2
    script=$(peer_script "$one")
    [[ -z $script ]] || "$python" "$script" >>"$results/$one.jsonl"
    glissade "$one" >>"$results/$one.jsonl"
  done
done

"$python" "$here/peers/best_times.py" "$results" "${work[@]}"
