#!/bin/sh
# Restores, builds and runs every test. The last line says how many passed and failed; the exit code is 0 if none failed.
# With --engines the tests of the engine (Numerics, Compilation, Differentiation) run, and count, three times more, as on other machines: without vectors of 512
# bits, with loops interpreted, as where no code can be made, and in part with vectors of 128 bits.
# The tests of the report's page and the check of the formatting count as one each; without npm the page's are left out.
set -u

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)" || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

passed=0
failed=0
escape=$(printf '\033')
log=$(mktemp) || exit 1
trap 'rm -f "$log" "$log.result"' EXIT

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# Runs a command that is one test as a whole.
one() {
  name=$1
  shift
  echo "== $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "== $name failed"
  fi
}

# A figure of the summary that the test platform prints at its end, such as "  failed: 3"; the last one if there are several.
figure() {
  sed 's/'"$escape"'\[[0-9;]*[a-zA-Z]//g' "$log" | sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" | tail -n 1
}

if ! command -v dotnet >/dev/null 2>&1; then
  echo "The tests need the .NET 10 SDK, and there is no 'dotnet' on the path: see https://dotnet.microsoft.com/download"
  failed=1
  finish
fi

echo '== build'
if ! dotnet build Glissade.slnx -c Release -v minimal --nologo </dev/null; then
  failed=1
  finish
fi

# Runs tests, and adds what the summary at their end counts; those that were skipped are neither passed nor failed.
tests() {
  echo "== $1"
  shift
  {
    "$@" </dev/null 2>&1
    echo $? >"$log.result"
  } | tee "$log"
  succeeded=$(figure succeeded)
  wrong=$(figure failed)
  wrong=${wrong:-0}

  # A test program that crashed, or did not start, has no failed test to count.
  if [ "$(cat "$log.result")" -ne 0 ] && [ "$wrong" -eq 0 ]; then
    wrong=1
  fi

  passed=$((passed + ${succeeded:-0}))
  failed=$((failed + wrong))
}

# Runs tests of the engine under a setting of the environment, those that the remaining arguments choose.
engine() {
  name=$1
  setting=$2
  shift 2
  tests "tests of the engine $name" env "$setting" dotnet test/Glissade.Tests/bin/Release/net10.0/Glissade.Tests.dll --no-progress --minimum-expected-tests 100 "$@"
}

# How deep graphs compile does not depend on the machine.
whole_engine() {
  engine "$@" --filter-namespace 'Glissade.Tests.Numerics*' --filter-namespace 'Glissade.Tests.Compilation*' --filter-namespace 'Glissade.Tests.Differentiation*' \
    --filter-not-class Glissade.Tests.Compilation.DeepGraphTests
}

# One project at a time: several at once would take each other's processors, and some tests measure.
tests tests dotnet test --solution Glissade.slnx -c Release --no-build --no-progress --max-parallel-test-modules 1
if [ "${1:-}" = --engines ]; then
  whole_engine 'without vectors of 512 bits' DOTNET_EnableAVX512=0
  whole_engine 'with loops interpreted' GLISSADE_EXECUTOR=interpreted

  # Here fused multiply-adds are made one by one then, and everything takes ten times as long: so this is what asks for the hardware by itself.
  engine 'with vectors of 128 bits' DOTNET_EnableAVX2=0 --filter-class '*.MatrixProductTests' --filter-class '*.DepthwiseTileTests' --filter-class '*.ConvolutionStepTests' \
    --filter-class '*.PoolingStepTests' --filter-class '*.ShortRowTests' --filter-class '*.ExecutorTests' --filter-class '*.RandomProgramTests'
fi

if ! find page/src page/test -name '*.test.ts' 2>/dev/null | grep -q .; then
  : # There are none yet.
elif command -v npm >/dev/null 2>&1 && [ -d page/node_modules ]; then
  one "tests of the report's page" npm --prefix page test --silent
else
  echo "== tests of the report's page left out: there is no npm, or it could not fetch the page's packages"
fi

# White space only: style is checked by the compiler, and checking it here again would take longer than all tests.
one formatting dotnet format whitespace --folder --verify-no-changes --exclude '**/obj/'

finish
