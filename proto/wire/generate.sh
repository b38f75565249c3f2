#!/usr/bin/env bash
# Makes proto/gen/messages.ts from the .proto files beside this script. Run it after changing one, and commit both.
set -euo pipefail
cd "$(dirname "$0")/../.."
{
  echo '// @ts-nocheck'
  echo '// Made by proto/wire/generate.sh from proto/wire/*.proto. Do not edit.'
  npx pbjs -t static-module -w es6 --es6 --no-service --no-verify --no-delimited --no-comments --no-convert --no-typeurl --force-number --keep-case \
    -p proto/wire metapb.proto errorpb.proto eraftpb.proto raft_serverpb.proto kvrpcpb.proto tikvpb.proto pdpb.proto health.proto | grep -v '^/\*eslint'
} > proto/gen/messages.ts
