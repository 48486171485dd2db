/** Which keys a schema knows at a path, for "did you mean". */
import { z } from 'zod'

export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<z.core.$ZodType[]>(
    (forms, step) => forms.flatMap((form) => inside(form, step)),
    [schema],
  )
  return found.flatMap(plain).flatMap((form) => (form instanceof z.ZodObject ? Object.keys(form.shape) : []))
}

function inside(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  return plain(schema).flatMap((form) => {
    if (form instanceof z.ZodObject) return form.shape[String(step)] ?? []
    if (form instanceof z.ZodRecord) return [form.valueType as z.core.$ZodType]
    return form instanceof z.ZodArray ? [form.element as z.core.$ZodType] : []
  })
}

/** Without defaults and options around it; a union is all its forms. */
function plain(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(plain)
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return plain(schema.unwrap() as z.core.$ZodType)
  }
  if (schema instanceof z.ZodExactOptional) return plain(schema.unwrap() as z.core.$ZodType)
  return [schema]
}
