import InvBytes
import InvFormat

/// Which rows of a block are names of files that have more than one.
struct LinkedRows: Sendable {
  private let links: PackedInts
  private let states: PackedInts
  private let files: PackedInts
  private let highs: PackedInts?
  private let kinds: PackedInts?

  /// Whether rows of `schema` tell their files apart, and can say that one is counted elsewhere.
  static func areKnown(in schema: ObjectSchema) -> Bool {
    schema.has(.links) && schema.has(.file) && schema.has(.state)
  }

  /// Nil when `block` has no such rows.
  init?(_ block: ObjectBlock, _ schema: ObjectSchema) {
    let payload = block.frame.payload
    guard let links = block.column(schema.place(.links)), links.greatest(in: payload) > 1,
      let states = block.column(schema.place(.state)),
      let files = block.column(schema.place(.file))
    else { return nil }
    (self.links, self.states, self.files) = (links, states, files)
    highs = block.column(schema.place(.fileHigh))
    kinds = block.column(schema.place(.kind))
    for row in 0..<block.rows where has(row, in: payload) { return }
    return nil
  }

  /// Whether `row` is one: a current one that is no directory, and whose file has a number.
  @inline(__always)
  func has(_ row: Int, in payload: RawSpan) -> Bool {
    guard links.value(row, in: payload) > 1,
      states.value(row, in: payload) == UInt64(ObjectState.current.rawValue)
    else { return false }
    let isDirectory = kinds?.value(row, in: payload) == UInt64(ObjectKind.directory.rawValue)
    return !isDirectory
      && (files.value(row, in: payload) | (highs?.value(row, in: payload) ?? 0)) != 0
  }
}
