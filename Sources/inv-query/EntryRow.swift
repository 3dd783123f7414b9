import InvAnswer
import InvFormat

/// What a row of the table of prefixes says, as far as it is known and makes sense.
struct EntryRow {
  enum Kind { case entry, own, others, listed }

  let kind: Kind
  /// The entry; nil for a row of several.
  var position: Int?
  var depth: UInt64?
  /// Of others the objects and bytes only.
  var figures: Figures
  var accessed: Int64?
  /// The values that are the only ones, in the order of the columns.
  var single: [Int?] = []
  var directPrefixes: UInt64?
  var sum = CellSum()
  /// Where it has prices, the cells that make it up; nil for a row of others.
  var cells: [Cell]?
  /// What it is by dimensions, where that is asked; nil for a row of others.
  var parts: [Breakdown.Entry]?

  init(_ kind: Kind, _ figures: Figures) { (self.kind, self.figures) = (kind, figures) }
}
