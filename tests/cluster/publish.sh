#!/usr/bin/env bash
# Publishes gateway and silo into a folder as the image has them, compiled ahead for this machine. Usage: publish.sh FOLDER
set -euo pipefail
folder=$(realpath -m "${1:?the folder to publish into}")
cd "$(dirname "$0")/../.."
for program in Infermux.Gateway Infermux.Silo; do
  dotnet publish "src/$program" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$folder" -v q --nologo
done
