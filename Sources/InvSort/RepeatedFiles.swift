import InvBytes
import InvFormat
import InvSystem

/// Finds files that come more than once: by their number where there is one, else by their path.
final class RepeatedFiles {
  private let keys: FileKeys
  private let kind, state, links, file, fileHigh: Int?

  init(_ schema: ObjectSchema, in folder: String, memory: UInt64) {
    keys = FileKeys(in: folder, memory: memory)
    kind = schema.place(.kind)
    state = schema.place(.state)
    links = schema.place(.links)
    file = schema.place(.file)
    fileHigh = schema.place(.fileHigh)
  }

  /// Takes the current rows of `block` that are no directories, except those that are `linked`.
  func take(_ block: ObjectBlock, except linked: LinkedRows?, origin: UInt32) throws(Failure) {
    let payload = block.frame.payload
    let (kinds, states) = (block.column(kind), block.column(state))
    let (links, files) = (block.column(links), block.column(file))
    let highs = block.column(fileHigh)
    // What tells the numbers and paths of one origin from those of another.
    let mark = Self.spread(UInt64(origin))
    var unnumbered: Set<Int> = []
    for row in 0..<block.rows {
      if let kinds, kinds.value(row, in: payload) == UInt64(ObjectKind.directory.rawValue) {
        continue
      }
      if let states, states.value(row, in: payload) != UInt64(ObjectState.current.rawValue) {
        continue
      }
      if let linked, linked.has(row, in: payload) { continue }
      let number = files?.value(row, in: payload) ?? 0
      let high = highs?.value(row, in: payload) ?? 0
      if number | high == 0 || links?.value(row, in: payload) ?? 1 > 1 {
        unnumbered.insert(row)
      } else {
        try keys.append(FileKey(first: Self.spread(number), second: high ^ mark))
      }
    }
    if !unnumbered.isEmpty { try takePaths(block, unnumbered, mark) }
  }

  private func takePaths(_ block: ObjectBlock, _ chosen: Set<Int>, _ mark: UInt64)
    throws(Failure)
  {
    var rows = ObjectRows(block)
    for row in 0..<block.rows {
      do throws(FormatError) { _ = try rows.next() } catch { throw Failure.data(error.what) }
      guard chosen.contains(row) else { continue }
      let hash = KeyHash(rows.key.raw)
      try keys.append(FileKey(first: hash.first, second: hash.second ^ mark))
    }
  }

  /// Another number for each number, with all bits as good as any: the finalizer of SplitMix64.
  @inline(__always)
  private static func spread(_ number: UInt64) -> UInt64 {
    var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// How many different files came more than once.
  func count() throws(Failure) -> UInt64 { try keys.repeated() }
}
