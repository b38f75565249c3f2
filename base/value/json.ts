/**
 * `Json`: a JSON document. Object keys keep MySQL's order (length, then bytes) when printed. Numbers remember what they
 * are: an integer is a `number`/`bigint`, a double is wrapped so that `1.0` prints as `1.0`, a decimal is a `Decimal`.
 */

export type JsonNode =
  | null
  | boolean
  | string
  | number
  | bigint
  | JsonDouble
  | JsonOpaque
  | readonly JsonNode[]
  | ReadonlyMap<string, JsonNode>;

export class JsonDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A SQL value inside a document that JSON has no word for: decimal, date, time, bytes. `typeCode` is MySQL's. */
export class JsonOpaque {
  readonly typeCode: number;
  readonly value: unknown;
  constructor(typeCode: number, value: unknown) {
    this.typeCode = typeCode;
    this.value = value;
  }
}

export class Json {
  readonly node: JsonNode;
  constructor(node: JsonNode) {
    this.node = node;
  }
}
