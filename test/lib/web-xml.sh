# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Pushes in XML, and answers in it. For web-suite.sh.

xml_push() { # category/resource body [curl arguments]
  local where=$1 what=$2
  shift 2
  call POST "/v1/records/$where" -H 'Content-Type: application/xml' --data-binary "$what" "$@"
}

# at XPATH: what the body has there.
at() { printf '%s' "$body" | xmllint --xpath "string($1)" - 2>/dev/null; }

# A record of the category probe.
xml_probe() { printf '<record><id>%s</id><title>%s</title>%s</record>' "$1" "${2-标题}" "${3-}"; }

test_xml_push() {
  local sample xml
  xml_push probe/one "<records>$(xml_probe x-1)$(xml_probe x-2 '甲 &lt;b&gt;' '<size>7</size><price>0.10</price><keywords><item>一</item><item>二</item></keywords>')</records>"
  is "XML: stored, and answered in XML" "$status $(header Content-Type) $(at /response/received) $(at /response/created) $(at 'count(/response/errors/item)')" \
    "200 application/xml 2 2 0"
  is "XML: has the request's id" "$(at /response/request_id)" "$(header X-Request-Id)"
  call GET /v1/records/probe/one/x-2
  is "XML: what is stored is the record in JSON" "$(json '.record|[.id,.title,.size,.price,(.keywords|join("+"))]|join(" ")')" \
    "x-2 甲 <b> 7 0.1 一+二"
  push probe/one '{"id":"x-2","title":"甲 <b>","size":7,"price":0.10,"keywords":["一","二"]}'
  is "XML: the same in JSON is no change" "$(counts)" "1 0 0 1 0 0 0"
  xml_push probe/one "$(xml_probe x-2 '甲 &lt;b&gt;' '<keywords><item>一</item><item>二</item></keywords><price>0.10</price><size> 7 </size>')" \
    -H 'Accept: application/json'
  is "XML: one record, and an answer in JSON where that is wanted" "$status $(header Content-Type) $(counts)" "200 application/json 1 0 0 1 0 0 0"
  call POST /v1/validate/probe/one -H 'Content-Type: text/xml; charset=utf-8' --data-binary "$(xml_probe x-9)"
  is "XML: text/xml is taken, too; and validation" "$status $(at /response/created) $(at /response/batch/@*)" "200 0 true"
  xml_probe x-3 | gzip -c >"$STACK_DIR/record.gz"
  xml_push probe/one @"$STACK_DIR/record.gz" -H 'Content-Encoding: gzip'
  is "XML: compressed" "$status $(at /response/created)" "200 1"
  for sample in policy service-guide media; do
    xml=$(python3 "$top_srcdir/test/lib/to-xml.py" <"$top_srcdir/schema/sample/$sample.json")
    push "$sample/$(category_resource "$sample")" @"$top_srcdir/schema/sample/$sample.json"
    xml_push "$sample/$(category_resource "$sample")" "$xml"
    is "XML: the sample of $sample is the same as in JSON" "$status $(at '/response/received = /response/unchanged')" "200 true"
  done
  call PUT /v1/records/probe/one/x-4 -H 'Content-Type: application/xml' --data-binary '<record><title>ohne id</title></record>'
  is "XML: PUT" "$status $(at /response/revision) $(header ETag)" '201 1 "1"'
  call PUT /v1/records/probe/one/x-4 -H 'Content-Type: application/xml' --data-binary '<records><record><title>x</title></record></records>'
  is "XML: PUT takes one record" "$status $(xml_told code)" "422 invalid_records"
  xml_push probe/one "<records>$(xml_probe x-5)</records>" -H 'Idempotency-Key: xml-key'
  xml_push probe/one "<records>$(xml_probe x-5)</records>" -H 'Idempotency-Key: xml-key'
  is "XML: the kept reply of a key is XML as well" "$status $(header Idempotent-Replayed) $(header Content-Type) $(at /response/created)" \
    "200 true application/xml 1"
}

category_resource() { # CODE: its first resource
  sed -n 's/^\[resource\.\(.*\)\]$/\1/p' "$top_srcdir/schema/category/$1.ini" | head -n 1
}

# told in the problem: xml_told MEMBER
xml_told() { at "/*[local-name()='problem']/*[local-name()='$1']"; }

test_xml_refused() {
  local before fault
  before=$(stored)
  xml_push probe/one "<records>$(xml_probe y-1)$(xml_probe y-2 x '<size>eins</size>')</records>"
  is "XML: a faulty record is 422, told in XML" "$status $(header Content-Type) $(xml_told code) $(xml_told rejected)" \
    "422 application/problem+xml invalid_records 1"
  is "XML: the place is that of the JSON" "$(at "//*[local-name()='pointer']") $(at "//*[local-name()='i']/*[local-name()='index']")" "/size 1"
  xml_push probe/one "$(xml_probe y-1 x '<titel>x</titel>')" -H 'Accept-Language: en' -H 'Accept: application/json'
  like "XML: an element that is no field" "$status $(json '.errors[0]|[.pointer,.code,.message]|join(" ")')" '^422 /titel unknown_field .*did you mean title'
  xml_push probe/one "$(xml_probe y-1 'a<b>c</b>')" -H 'Accept: application/json'
  is "XML: elements in a text" "$status $(json '.errors[0]|[.pointer,.code]|join(" ")')" "422 /title wrong_type"
  while IFS='|' read -r fault code; do
    xml_push probe/one "$fault"
    is "XML: ${fault:0:60} is refused" "$status $(xml_told code)" "400 $code"
  done <<'FAULTS'
<record>|xml_ends
<record><title>a</record>|xml_mismatch
<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><record><id>y</id><title>&e;</title></record>|xml_doctype
<record xmlns="urn:x"/>|xml_namespace
<record id="y"/>|xml_attribute
<rows/>|xml_root
<record><id>y</id><title>a</title><title>b</title></record>|xml_twice
<records>text</records>|xml_text
{"id":"y","title":"x"}|xml_token
FAULTS
  xml_push probe/one ''
  is "XML: an empty body" "$status $(xml_told code)" "400 xml_ends"
  python3 -c 'print("<records>" + "<record><id>y</id><title>x</title></record>" * 30000 + "</records>")' >"$STACK_DIR/large.xml"
  xml_push probe/one @"$STACK_DIR/large.xml"
  is "XML: more than a body may have" "$status" 413
  xml_push probe/one @- -H 'Content-Encoding: gzip' < <(gzip -c "$STACK_DIR/large.xml")
  is "XML: and compressed" "$status" 413
  is "XML: nothing of these is stored" "$(stored)" "$before"
  xml_push probe/one "<records>$(xml_probe y-1)$(xml_probe y-2 x '<size>eins</size>')</records>" -H 'Prefer: handling=lenient'
  is "XML: leniently, the good one is stored" "$status $(at /response/created) $(at /response/rejected) $(at /response/errors/item/pointer)" "207 1 1 /size"
  xml_push probe/one "$(printf '\xff\xfe'; xml_probe y-3 | iconv -t UTF-16LE | tr '\0' ' ')"
  is "XML: what starts as UTF-16 is refused" "$status $(xml_told code)" "400 xml_encoding"
  call POST /api/push -H 'Content-Type: application/xml' --data-binary '<record/>'
  is "XML: the classic profile does not take it" "$(json .code) $(header Content-Type)" "415 application/json"
}

test_xml_answers() {
  push probe/one "$(probe z-1 'a<b' ',"when":"2024/10/09 15:30","keywords":["一"]')"
  call GET /v1/records/probe/one/z-1 -H 'Accept: application/xml'
  is "a record in XML" "$status $(header Content-Type) $(at /response/id) $(at /response/record/title) $(at /response/record/keywords/item)" \
    "200 application/xml z-1 a<b 一"
  is "a member whose name is none of an element" "$(at '/response/sent/member[@name="/when"]')" "2024/10/09 15:30"
  like "the answer depends on Accept" "$(header Vary)" Accept
  printf '%s' "$body" | xmllint --xpath /response/record - >"$STACK_DIR/record.xml"
  xml_push probe/one @"$STACK_DIR/record.xml"
  is "what was read can be pushed again" "$status $(at /response/unchanged)" "200 1"
  call GET '/v1/records/probe/one?limit=2' -H 'Accept: application/xml'
  is "a page in XML" "$status $(at 'count(/response/records/item/record)')" "200 2"
  call GET /v1/records/probe/one/z-1 -H 'Accept: application/xml;q=0.5, application/json'
  is "JSON where that is preferred" "$(header Content-Type)" application/json
  call GET /v1/records/probe/one/z-1 -H 'Accept: text/html, application/xml;q=0.9, */*;q=0.8'
  is "XML where that is preferred to all else" "$(header Content-Type)" application/xml
  call GET /v1/records/probe/one/z-1 -H 'Accept: application/xml' -H 'If-None-Match: "1", "2", "3"'
  is "a 304 depends on Accept as well" "$status $(header Vary)" "304 Accept"
  call GET /v1/records/probe/one/%EF%BF%BE -H 'Accept: application/xml'
  is "a problem that quotes what XML cannot hold" "$status $(header Content-Type) $(xml_told code)" "404 application/problem+xml no_such_record"
  call GET /v1/records/probe/one/none -H 'Accept: application/xml'
  is "a problem in XML" "$status $(header Content-Type) $(xml_told code)" "404 application/problem+xml no_such_record"
  call GET /v1/categories/probe -H 'Accept: application/xml'
  is "a category in XML" "$status $(at /response/code) $(at '/response/schema/member[@name="$schema"] != ""')" "200 probe true"
  ask_token -u "main:$secret" -d grant_type=client_credentials -H 'Accept: application/xml'
  is "a token is JSON, as OAuth has it" "$status $(header Content-Type)" "200 application/json"
}
