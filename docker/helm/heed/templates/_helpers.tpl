{{/* The processes that this chart runs. */}}
{{- define "heed.apps" -}}
collector projector learner control
{{- end }}

{{- define "heed.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* What Prometheus calls one process: its Service, with a name that begins with `heed`. Takes (dict "root" $ "app" NAME). */}}
{{- define "heed.job" -}}
{{- $name := include "heed.name" .root -}}
{{- hasPrefix "heed" $name | ternary "" "heed-" }}{{ $name }}-{{ .app }}
{{- end }}

{{/* What selects the pods of one process; never changes for a Deployment. Takes (dict "root" $ "app" NAME). */}}
{{- define "heed.selector" -}}
app.kubernetes.io/name: heed
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .app }}
{{- end }}

{{- define "heed.labels" -}}
app.kubernetes.io/name: heed
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "heed.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ . }}/{{ end }}{{ $image.prefix }}-{{ .app }}:{{ default .root.Chart.AppVersion $image.tag }}
{{- end }}

{{- define "heed.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "heed.name" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/*
What of the stores and secrets a process is given: just what it works with, as docker/compose.cluster.yaml does it. The collector knows no warehouse, the learner
no log, and what opens everything and what signs bundles are for control alone.
*/}}
{{- define "heed.needs" -}}
{{- dict
  "kafka" (ne .app "learner")
  "clickhouse" (ne .app "collector")
  "ownerKey" (eq .app "control")
  "bundleKey" (eq .app "control")
| toYaml }}
{{- end }}

{{/* What an installation adds to one process: that for all, then its own. Takes (dict "root" $ "app" NAME "what" VALUE). */}}
{{- define "heed.extra" -}}
{{- with concat (default (list) (get .root.Values .what)) (default (list) (get (index .root.Values .app) .what)) }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/*
The environment of one process, each name once: `extraEnv` goes before the rest, and a setting of the process before one of all.
Takes (dict "root" $ "app" NAME).
*/}}
{{- define "heed.env" -}}
{{- $values := .root.Values -}}
{{- $secrets := $values.secrets -}}
{{- $needs := include "heed.needs" . | fromYaml -}}
{{- $said := dict -}}
{{- $app := .app -}}
{{- range include "heed.extra" (dict "root" .root "app" .app "what" "extraEnv") | fromYamlArray }}
{{- if hasKey $said .name }}
{{- fail (printf "extraEnv: %s is said twice for the %s; take one of them out." .name $app) }}
{{- end }}
{{- $_ := set $said .name true }}
- {{ toYaml . | nindent 2 | trim }}
{{- end }}
{{- $fromSecrets := dict "DATABASE_URL" $secrets.database }}
{{- if $needs.ownerKey }}{{ $_ := set $fromSecrets "HEED_OWNER_KEY" $secrets.ownerKey }}{{ end }}
{{- if $needs.clickhouse }}{{ $_ := set $fromSecrets "HEED_CLICKHOUSE_PASSWORD" $secrets.clickhousePassword }}{{ end }}
{{- if $needs.kafka }}{{ $_ := set $fromSecrets "HEED_KAFKA_PASSWORD" $secrets.kafkaPassword }}{{ end }}
{{- range $name, $secret := $fromSecrets }}
{{- if and $secret.name (not (hasKey $said $name)) }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret.name }}
      key: {{ $secret.key }}
{{- end }}
{{- end }}
{{- $plain := dict }}
{{- if $needs.kafka }}
{{- $plain = dict
  "HEED_KAFKA_BROKERS" (required "kafka.brokers: host:port of the brokers" $values.kafka.brokers)
  "HEED_KAFKA_PREFIX" $values.kafka.prefix
  "HEED_KAFKA_PARTITIONS" $values.kafka.partitions
  "HEED_KAFKA_REPLICATION" $values.kafka.replication
  "HEED_KAFKA_SSL" $values.kafka.ssl
  "HEED_KAFKA_MECHANISM" $values.kafka.mechanism
  "HEED_KAFKA_USER" $values.kafka.user
}}
{{- end }}
{{- if $needs.clickhouse }}
{{- $plain = merge $plain (dict
  "HEED_CLICKHOUSE_URL" (required "clickhouse.url: the server's HTTP interface" $values.clickhouse.url)
  "HEED_CLICKHOUSE_USER" $values.clickhouse.user
  "HEED_CLICKHOUSE_DATABASE" $values.clickhouse.database
  "HEED_CLICKHOUSE_CLUSTER" $values.clickhouse.cluster
) }}
{{- end }}
{{- $settings := merge (dict) (default (dict) (index $values .app "env")) (default (dict) $values.settings) $plain }}
{{- range $name, $value := $settings }}
{{- if and (ne (toString $value) "") (not (hasKey $said $name)) }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
{{- end }}
{{- end }}
