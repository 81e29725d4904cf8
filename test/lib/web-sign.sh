# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Signed requests, and bodies that come with their digest. For web-suite.sh.

signing_key() { # id [--grace TIME] -> key
  stack_ctl client sign-key "$@" 2>/dev/null | sed -n 's/^signing_key=//p'
}

# sign METHOD PATH [sign.py OPTIONS]: the headers of a signed request, in $STACK_DIR/signed.
sign() {
  local method=$1 path=$2
  shift 2
  RUKU_SIGNING_KEY=$sign_key RUKU_TOKEN=$sign_token python3 "$top_srcdir/test/client/sign.py" "$@" "$method" "$path" >"$STACK_DIR/signed"
}

send() { # METHOD PATH [curl arguments]: with the headers that sign made
  local method=$1 path=$2
  shift 2
  request "$method" "$path" -H "@$STACK_DIR/signed" "$@"
}

# signed_push BODY [sign.py OPTIONS]
signed_push() {
  printf '%s' "$1" >"$STACK_DIR/sent"
  shift
  sign POST /v1/records/news/government --header 'Content-Type: application/json' --body "$STACK_DIR/sent" "$@"
  send POST /v1/records/news/government --data-binary "@$STACK_DIR/sent"
}

# A token by signature alone.
signed_token() {
  sign_token=''
  printf 'grant_type=client_credentials' >"$STACK_DIR/sent"
  local with=(--header 'Content-Type: application/x-www-form-urlencoded' --body "$STACK_DIR/sent" "$@")
  RUKU_SIGNING_KEY=$sign_key env -u RUKU_TOKEN python3 "$top_srcdir/test/client/sign.py" "${with[@]}" POST /oauth2/token >"$STACK_DIR/signed"
  send POST /oauth2/token --data-binary "@$STACK_DIR/sent"
}

has_record() { stack_sql "SELECT COUNT(*) FROM record WHERE id = '$1'"; }

test_sign() {
  local sign_key sign_token other_key secret_of_signer many
  secret_of_signer=$(new_client signer)
  stack_ctl client grant signer news '*'
  sign_key=$(signing_key signer)
  like "a key to sign with has a prefix of its own" "$sign_key" '^rukusign[A-Za-z0-9]{49}$'
  is "and stands nowhere in the database" "$(stack_sql "SELECT COUNT(*) FROM client_signing_key WHERE sealed LIKE '%$sign_key%'")" 0
  signed_token
  is "a signature takes the place of the secret" "$status $(json .token_type)" "200 Bearer"
  sign_token=$(json .access_token)
  signed_push "$(news signed-1)"
  is "a signed push" "$status $(json .created)" "200 1"
  send POST /v1/records/news/government --data-binary "@$STACK_DIR/sent"
  check_problem "the same request again" 401 signature_replayed
  signed_push "$(news signed-2)" --hash sha256
  is "by HMAC-SHA256 as well" "$status $(json .created)" "200 1"
  sign GET '/v1/records/news/government?limit=1'
  send GET '/v1/records/news/government?limit=1'
  is "a signed query" "$status" 200
  sign GET '/v1/records/news/government?limit=1'
  send GET '/v1/records/news/government?limit=2'
  check_problem "another query than was signed" 401 signature_invalid
  like "the answer says what should have been signed" "$(json .signature_base)" '"@query": \?limit=2'
  like "without the token" "$(json .signature_base)" '"authorization": \*\*\*'
  sign PUT /v1/records/news/government/signed-1 --header 'Content-Type: application/json' --body "$STACK_DIR/sent"
  send DELETE /v1/records/news/government/signed-1
  check_problem "another method" 401 signature_invalid
  sign GET /v1/records/news/government/signed-1
  send GET /v1/records/news/government/signed-2
  check_problem "another path" 401 signature_invalid

  printf '%s' "$(news signed-3)" >"$STACK_DIR/sent"
  sign POST /v1/records/news/government --header 'Content-Type: application/json' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government --data-binary "$(news signed-4)"
  check_problem "another body" 400 digest_mismatch
  is "and nothing of it is stored" "$(has_record signed-4)" 0
  many=$(for i in $(seq 300); do news "many-$i" | tr -d '\n'; echo; done)
  printf '%s' "$many" >"$STACK_DIR/sent"
  sign POST /v1/records/news/government --header 'Content-Type: application/x-ndjson' --header 'Prefer: handling=lenient' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government --data-binary "$many "
  check_problem "a lenient push of many chunks that was changed at its very end" 400 digest_mismatch
  is "not even its first chunk is stored" "$(has_record many-1)" 0
  sign POST /v1/records/news/government --header 'Content-Type: application/x-ndjson' --header 'Prefer: handling=lenient' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government --data-binary "@$STACK_DIR/sent"
  is "as it was signed it is" "$status $(json .created)" "200 300"
  news signed-5 | gzip >"$STACK_DIR/sent"
  sign POST /v1/records/news/government --header 'Content-Type: application/json' --header 'Content-Encoding: gzip' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government --data-binary "@$STACK_DIR/sent"
  is "of a compressed body the digest is of what is sent" "$status $(json .created)" "200 1"
  news signed-6 >"$STACK_DIR/sent"
  sign POST /v1/records/news/government --header 'Content-Type: application/json' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government -H 'Transfer-Encoding: chunked' --data-binary "@$STACK_DIR/sent"
  is "a body without a length" "$status $(json .created)" "200 1"

  signed_push "$(news signed-7)" --age 290
  is "one of nearly five minutes ago" "$status" 200
  signed_push "$(news signed-7)" --age 310
  check_problem "one of more than five minutes ago" 401 signature_time
  like "tells both times" "$(json .detail)" '[0-9]{10}.*[0-9]{10}'
  signed_push "$(news signed-7)" --age -310
  check_problem "one of the future" 401 signature_time
  signed_push "$(news signed-7)" --leave-out @query
  check_problem "the query has to be covered" 400 signature_covers
  signed_push "$(news signed-7)" --leave-out content-digest
  check_problem "so has the body" 400 signature_covers
  sign POST /v1/records/news/government --header 'Content-Type: application/json' --body "$STACK_DIR/sent"
  send POST /v1/records/news/government -H 'Idempotency-Key: added' --data-binary "@$STACK_DIR/sent"
  check_problem "and a field that someone has added" 400 signature_covers
  signed_push "$(news signed-7)" --nonce short
  check_problem "a nonce has to be long enough" 400 signature_malformed
  signed_push "$(news signed-7)" --keyid main
  check_problem "who signed is who the token is of" 401 signature_invalid
  sign_key=rukusignNone signed_push "$(news signed-7)"
  check_problem "another key" 401 signature_invalid
  is "nothing of what was refused is stored" "$(stack_sql "SELECT updated_at = created_at FROM record WHERE id = 'signed-7'")" 1
}

test_must_sign() {
  local sign_key sign_token old_key unsigned
  unsigned=$(new_token signer "$(stack_ctl client rotate signer 2>/dev/null | sed -n 's/^client_secret=//p')")
  is "what need not be signed" "$(token=$unsigned; push news/government "$(news free-1)"; echo "$status")" 200
  stack_ctl client signing signer required
  token=$unsigned
  for _ in 1 2 3 4 5 6 7 8; do
    push news/government "$(news free-2)"
    is "has to be from the next request on, by every worker" "$status $(json .code)" "401 signature_required"
  done
  token=$(new_token main "$secret")
  is "and is not stored" "$(has_record free-2)" 0
  unsigned=$(stack_ctl client rotate signer 2>/dev/null | sed -n 's/^client_secret=//p')
  ask_token -u "signer:$unsigned" -d grant_type=client_credentials
  is "a secret is not enough then" "$status $(json .error)" "401 invalid_client"
  like "and the answer says what is" "$(json .error_description)" 'signed'
  old_key=$(signing_key signer)
  sign_key=$old_key
  signed_token
  sign_token=$(json .access_token)
  sign_key=$(signing_key --grace 1h signer)
  signed_push "$(news must-1)"
  is "a new key" "$status" 200
  sign_key=$old_key signed_push "$(news must-2)"
  is "the old one lives on for the grace" "$status" 200
  like "rukuctl shows both" "$(stack_ctl client show signer)" 'signing   required.*sign-key  of 2[^;]*sign-key  of 2[^;]*; ends 2'
  sign_key=$(signing_key signer)
  sign_key=$old_key signed_push "$(news must-3)"
  check_problem "without one it ends at once" 401 signature_invalid
  signed_push "$(news must-3)"
  is "and the new one is good" "$status" 200
  signed_token --keyid nobody
  is "a client that is not there" "$status $(json .error)" "401 invalid_client"
  sign_key=rukusignNone signed_token
  is "a wrong key for a token" "$status $(json .error)" "401 invalid_client"
  like "tells what should have been signed" "$(json .signature_base)" '"@path": /oauth2/token'
  stack_ctl client disable signer
  signed_token
  is "a disabled client" "$status $(json .error)" "401 invalid_client"
  stack_sql 'DELETE FROM client_signing_key'
  like "without a key nobody can be made to sign" "$(stack_ctl client signing main required 2>&1)" 'no key to sign with.*rukuctl client sign-key main'
}

test_content_digest() {
  local digest
  news digest-1 >"$STACK_DIR/sent"
  digest=$(openssl dgst -sha256 -binary <"$STACK_DIR/sent" | base64 -w 0)
  call POST /v1/records/news/government -H 'Content-Type: application/json' -H "Content-Digest: sha-256=:$digest:" --data-binary "@$STACK_DIR/sent"
  is "a body with its digest" "$status $(json .created)" "200 1"
  call POST /v1/records/news/government -H 'Content-Type: application/json' -H "Content-Digest: sha-256=:$digest:" --data-binary "$(news digest-2)"
  check_problem "with another one" 400 digest_mismatch
  like "which names the hash" "$(json .detail)" 'sha-256'
  call POST /v1/records/news/government -H 'Content-Type: application/json' -H "Content-Digest: sha-256=nonsense" --data-binary "@$STACK_DIR/sent"
  check_problem "with what is no digest" 400 digest_malformed
  call POST /v1/records/news/government -H 'Content-Type: application/json' -H "Content-Digest: unixsum=:YQ==:" --data-binary "@$STACK_DIR/sent"
  is "a digest that is not known here is nobody's concern" "$status" 200
}
