#!/bin/sh
# run_example.sh SOURCES SCRATCH
# tools/run-example finds its clone through a symbolic link, and builds elsewhere if it may not write there.
set -eu
rm -rf "$2"
mkdir -p "$2/clone/tools" "$2/bin" "$2/cache"
cp "$1/tools/run-example" "$2/clone/tools"
printf '#!/bin/sh\nexit 0\n' >"$2/clone/tools/install-dependencies"
cat >"$2/bin/cmake" <<'END'
#!/bin/sh
# Configures nothing; "builds" a program that says where it is and what it was asked.
case $1 in
  -S) [ -d "$2/tools" ] || { echo "cmake: $2 is no clone" >&2; exit 1; } ;;
  --build)
    mkdir -p "$2/examples"
    printf '#!/bin/sh\necho "$0 $*"\n' >"$2/examples/us_manufacturing"
    chmod +x "$2/examples/us_manufacturing"
    ;;
esac
END
chmod +x "$2/clone/tools/install-dependencies" "$2/bin/cmake"
ln -s ../clone/tools/run-example "$2/bin/melitz-example"

try() {  # what, pattern
  said=$(cd / && PATH=$2/bin:$PATH XDG_CACHE_HOME=$2/cache "$2/bin/melitz-example" --help 2>"$2/errors") || {
    cat "$2/errors"
    exit 1
  }
  case $said in
    $3) ;;
    *)
      echo "$1: it ran $said"
      exit 1
      ;;
  esac
}

try "through a link" "$2" "$2/clone/build/example/examples/us_manufacturing --help"
rm -r "$2/clone/build"
: >"$2/clone/build" # a file in the way keeps root, too, from writing there
try "in a clone that may only be read" "$2" "$2/cache/melitz/example-*/examples/us_manufacturing --help"
