#!/bin/sh
# run_browser.sh SOURCES SCRATCH
# tools/run-browser finds its clone through a symbolic link, builds elsewhere if it may not write there, says where the
# pages are, and opens the lecture's where there is a desktop.
set -eu
rm -rf "$2"
mkdir -p "$2/clone/tools" "$2/bin" "$2/cache"
cp "$1/tools/run-browser" "$2/clone/tools"
printf '#!/bin/sh\necho "installs $*"\n' >"$2/clone/tools/install-dependencies"
cat >"$2/bin/cmake" <<'END'
#!/bin/sh
# Configures nothing; "builds" pages.
case $1 in
  -S) [ -d "$2/tools" ] || { echo "cmake: $2 is no clone" >&2; exit 1; } ;;
  --build) mkdir -p "$2/browser" && : >"$2/browser/lecture.html" && : >"$2/browser/models.html" ;;
esac
END
printf '#!/bin/sh\necho "opens $*"\n' >"$2/bin/xdg-open"
chmod +x "$2/clone/tools/install-dependencies" "$2/bin/cmake" "$2/bin/xdg-open"
ln -s ../clone/tools/run-browser "$2/bin/melitz-browser"

try() {  # what, display, pattern
  said=$(cd / && env -u WAYLAND_DISPLAY PATH="$scratch/bin:$PATH" XDG_CACHE_HOME="$scratch/cache" DISPLAY="$2" "$scratch/bin/melitz-browser")
  case $said in
    $3) ;;
    *)
      echo "$1: it said $said"
      exit 1
      ;;
  esac
  lecture=$(echo "$said" | sed -n 's/^run-browser: the lecture is //p')
  [ -e "$lecture" ] || { echo "$1: there is no $lecture"; exit 1; }
}

scratch=$2
try "without a desktop" "" "installs browser*$2/clone/build/browser/browser/lecture.html*models.html*with any browser"
try "with a desktop" ":0" "*opens $2/clone/build/browser/browser/lecture.html"
rm -r "$2/clone/build"
: >"$2/clone/build" # a file in the way keeps root, too, from writing there
try "in a clone that may only be read" "" "*$2/cache/melitz/browser-*/browser/lecture.html*"
