import Glibc
import InvAnswer
import InvFormat
import InvSystem
import Testing

/// A schema with a class and the usual bands.
func schema(
  _ classes: [String], _ dimensions: [Dimension] = [.state, Dimension("class", .word), .size]
) -> PrefixSchema {
  var schema = PrefixSchema(dimensions: dimensions)
  if let place = dimensions.firstIndex(where: { $0.name == "class" }) {
    schema.words[place] = classes.sorted().map { Array($0.utf8) }
  }
  return schema
}

/// A cell of objects of one size, put where inv-agg would put it.
func cell(
  _ schema: PrefixSchema, _ name: String, _ objects: UInt64, each size: UInt64,
  _ state: ObjectState = .current
) throws -> Cell {
  let code = try schema.pointCode()
  var point = code.part(0, UInt64(state.rawValue))
  for (place, dimension) in schema.dimensions.enumerated() {
    switch dimension.axis {
    case .state: break
    case .word:
      let word = schema.words[place].firstIndex(of: Array(name.utf8)) ?? 0
      point |= code.part(place, UInt64(word))
    case .band(let edges, _):
      point |= code.part(place, UInt64((edges.lastIndex { $0 <= size }) ?? 0))
    }
  }
  return Cell(code: point, objects: objects, bytes: objects &* size)
}

/// What a throwing call says.
func sentence(_ body: () throws -> Void) -> String? {
  do { try body() } catch { return (error as? Failure)?.sentence ?? "\(error)" }
  return nil
}

/// What a table becomes.
func show(
  _ columns: [Table.Column], _ format: Table.Format, width: Int? = nil, isColored: Bool = false,
  footer: [String] = [], _ fill: (inout Table) throws -> Void
) throws -> String {
  var ends: [Int32] = [0, 0]
  #expect(unsafe pipe(&ends) == 0)
  let reader = Descriptor(ends[0], name: "pipe")
  var output = TextOutput(Descriptor(ends[1], name: "pipe"))
  var table = Table(columns, format: format, width: width, isColored: isColored)
  try fill(&table)
  try table.finish(footer: footer, into: &output)
  try output.finish()
  return String(decoding: try reader.contents(limit: 1 << 16), as: UTF8.self)
}
