#!/bin/sh
# install_mpi.sh SOURCES SCRATCH
# tools/install-dependencies asks for MPI's headers where there is only its compiler, and for nothing where both are there.
set -eu
rm -rf "$2"
mkdir -p "$2/bin"
# Nothing but these: without apt-get the script only says what it would install.
for tool in sh env sort tr; do ln -s "$(command -v $tool)" "$2/bin/$tool"; done
for tool in c++ cmake ninja mpirun; do
  printf '#!/bin/sh\nexit 0\n' >"$2/bin/$tool"
  chmod +x "$2/bin/$tool"
done

mpicxx() {  # status
  printf '#!/bin/sh\nexit %s\n' "$1" >"$scratch/bin/mpicxx"
  chmod +x "$scratch/bin/mpicxx"
  PATH=$scratch/bin sh "$sources/tools/install-dependencies" mpi 2>&1
}
sources=$1 scratch=$2
said=$(mpicxx 1)
case $said in *libopenmpi-dev*) ;; *) echo "headers are missing: $said" && exit 1 ;; esac
said=$(mpicxx 0)
case $said in *openmpi*) echo "all is there: $said" && exit 1 ;; esac
