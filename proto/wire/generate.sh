#!/usr/bin/env bash
# Makes proto/gen/messages.ts from the .proto files beside this script. Run it after changing one, and commit both.
set -euo pipefail
cd "$(dirname "$0")/../.."
{
  echo '// @ts-nocheck'
  echo '// Made by proto/wire/generate.sh from proto/wire/*.proto. Do not edit.'
  echo "import * as \$wide from '../wire/wide.ts';"
  npx pbjs -t static-module -w es6 --es6 --no-service --no-verify --no-delimited --no-comments --no-convert --no-typeurl --force-number --keep-case \
    -p proto/wire metapb.proto errorpb.proto deadlock.proto eraftpb.proto raft_serverpb.proto kvrpcpb.proto tikvpb.proto pdpb.proto etcdserverpb.proto health.proto cdcpb.proto |
    grep -v '^/\*eslint' | node proto/wire/wide-numbers.js
} > proto/gen/messages.ts
