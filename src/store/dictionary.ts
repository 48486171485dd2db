/** docs/data-dictionary.md, written from the comments in the database; `npm run docs:dictionary` brings it up to date. */
import type { Client } from './database.ts'

interface Column {
  schema: string
  schema_comment: string | null
  relation: string
  comment: string | null
  column: string
  type: string
  required: boolean
  column_comment: string | null
}

const PREFACE = `# Data dictionary

Generated from the comments in the database (\`npm run docs:dictionary\`). Dashboards and scripts read the schema
\`reporting\`; the schema \`metalgap\` is private to the program and changes without notice.
`

/** The page of a migrated database: every view and table with its columns, their types and what they mean. */
export async function dictionary(client: Client): Promise<string> {
  const { rows } = await client.query<Column>(
    `select n.nspname as schema, obj_description(n.oid, 'pg_namespace') as schema_comment, c.relname as relation,
       obj_description(c.oid, 'pg_class') as comment, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as required, col_description(c.oid, a.attnum) as column_comment
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname in ('reporting', 'metalgap') and c.relkind in ('r', 'p', 'v') and not c.relispartition
     order by n.nspname desc, c.relname, a.attnum`,
  )
  const schemas = Object.entries(Object.groupBy(rows, (row) => row.schema))
  return `${PREFACE}${schemas.map(([schema, columns = []]) => chapter(schema, columns)).join('')}`
}

function chapter(schema: string, columns: Column[]): string {
  const relations = Object.values(Object.groupBy(columns, (row) => row.relation))
  return `\n## Schema ${schema}\n\n${columns[0]?.schema_comment ?? ''}\n${relations.map((rows = []) => section(rows)).join('')}`
}

function section(columns: Column[]): string {
  const [first] = columns
  const rows = columns.map((row) => `| ${row.column} | ${type(row)} | ${row.column_comment ?? ''} |\n`)
  return `\n### ${first?.schema}.${first?.relation}\n\n${first?.comment ?? ''}\n\n| column | type | meaning |\n|---|---|---|\n${rows.join('')}`
}

/** Views do not know what may be null; there the comment says it. */
function type({ schema, type, required }: Column): string {
  const short = type
    .replace('timestamp with time zone', 'timestamptz')
    .replace('timestamp without time zone', 'timestamp')
  return schema === 'reporting' || required ? short : `${short}, may be null`
}
