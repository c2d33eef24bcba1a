{{/* The processes that this chart runs. */}}
{{- define "heed.apps" -}}
collector projector learner control
{{- end }}

{{- define "heed.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
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

{{/* An environment variable from a secret that exists. Takes (dict "name" VARIABLE "secret" {name, key}). */}}
{{- define "heed.fromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret.name }}
      key: {{ .secret.key }}
{{- end }}

{{/* The settings of one process, each once: its own go before those of all. Takes (dict "root" $ "app" NAME). */}}
{{- define "heed.env" -}}
{{- $values := .root.Values -}}
{{- $secrets := $values.secrets -}}
{{ include "heed.fromSecret" (dict "name" "DATABASE_URL" "secret" $secrets.database) }}
{{- if $secrets.ownerKey.name }}
{{ include "heed.fromSecret" (dict "name" "HEED_OWNER_KEY" "secret" $secrets.ownerKey) }}
{{- end }}
{{- if $secrets.clickhousePassword.name }}
{{ include "heed.fromSecret" (dict "name" "HEED_CLICKHOUSE_PASSWORD" "secret" $secrets.clickhousePassword) }}
{{- end }}
{{- if $secrets.kafkaPassword.name }}
{{ include "heed.fromSecret" (dict "name" "HEED_KAFKA_PASSWORD" "secret" $secrets.kafkaPassword) }}
{{- end }}
{{- $plain := dict
  "HEED_KAFKA_BROKERS" (required "kafka.brokers: host:port of the brokers" $values.kafka.brokers)
  "HEED_KAFKA_PREFIX" $values.kafka.prefix
  "HEED_KAFKA_PARTITIONS" $values.kafka.partitions
  "HEED_KAFKA_REPLICATION" $values.kafka.replication
  "HEED_KAFKA_SSL" $values.kafka.ssl
  "HEED_KAFKA_MECHANISM" $values.kafka.mechanism
  "HEED_KAFKA_USER" $values.kafka.user
  "HEED_CLICKHOUSE_URL" (required "clickhouse.url: the server's HTTP interface" $values.clickhouse.url)
  "HEED_CLICKHOUSE_USER" $values.clickhouse.user
  "HEED_CLICKHOUSE_DATABASE" $values.clickhouse.database
  "HEED_CLICKHOUSE_CLUSTER" $values.clickhouse.cluster
}}
{{- $settings := merge (dict) (default (dict) (index $values .app "env")) (default (dict) $values.settings) $plain }}
{{- range $name, $value := $settings }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
{{- end }}
{{- end }}
