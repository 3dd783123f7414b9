import InvBytes
import InvSystem

/// Columns whose values are known only when a subtree ends: they wait in blocks of 128 entries, and a
/// block is written when the last open entry of it is closed.
final class WaitingColumns {
  /// A block with open entries, or the one that entries are still added to.
  private struct Block {
    let number: UInt64
    var values: [UInt64]
    var open = 0
    var entries = 0
  }

  private let files: [IndexFileWriter]
  private let rising: [Bool]
  private let signed: [Bool]
  private let directory: SpillFile
  /// How many blocks the directory has room for.
  private var known: UInt64 = 0
  private var blocks: [Block] = []
  private var spare: [[UInt64]] = []
  private var packer = BlockPacker()
  private var count: UInt64 = 0

  /// Columns of those names; those in `rising` grow with the position.
  init(_ names: [String], rising: Set<String>, in place: IndexPlace) throws(Failure) {
    var files: [IndexFileWriter] = []
    for name in names { files.append(try IndexFileWriter(name, in: place)) }
    self.files = files
    self.rising = names.map { rising.contains($0) }
    signed = names.map { $0.hasSuffix(".i64") }
    directory = SpillFile(place.spill("waiting.directory"), limit: 1 << 20)
  }

  /// How many blocks wait, the one that grows among them.
  var waiting: Int { blocks.count }

  /// Makes room for the entry at the next position.
  func open() throws(Failure) {
    if blocks.last.map({ $0.number != count / UInt64(BlockPacker.size) }) ?? true {
      try begin(count / UInt64(BlockPacker.size))
    }
    count += 1
    blocks[blocks.count - 1].open += 1
    blocks[blocks.count - 1].entries += 1
  }

  private func begin(_ number: UInt64) throws(Failure) {
    if let last = blocks.last, last.open == 0 { try write(blocks.count - 1) }
    let values =
      spare.popLast() ?? [UInt64](repeating: 0, count: files.count * BlockPacker.size)
    blocks.append(Block(number: number, values: values))
  }

  /// Sets the values of the entry at `position`, which is open.
  func close(_ position: UInt64, _ figures: [UInt64]) throws(Failure) {
    let number = position / UInt64(BlockPacker.size)
    var place = blocks.count - 1
    while blocks[place].number != number { place -= 1 }
    let row = Int(position % UInt64(BlockPacker.size))
    for column in figures.indices {
      blocks[place].values[column * BlockPacker.size + row] = figures[column]
    }
    blocks[place].open -= 1
    if blocks[place].open == 0, place < blocks.count - 1 { try write(place) }
  }

  private func write(_ place: Int) throws(Failure) {
    let block = blocks.remove(at: place)
    var bytes: [UInt8] = []
    for (column, file) in files.enumerated() {
      let start = column * BlockPacker.size
      bytes += try file.append(
        block.values[start..<start + block.entries], rising: rising[column],
        signed: signed[column], &packer)
    }
    spare.append(block.values)
    while known <= block.number {
      try directory.append([UInt8](repeating: 0, count: bytes.count))
      known += 1
    }
    try directory.replace(bytes, at: block.number * UInt64(bytes.count))
  }

  /// Writes the last block and the directories; all entries are closed.
  func end() throws(Failure) -> [IndexFileWriter] {
    while !blocks.isEmpty { try write(blocks.count - 1) }
    let places = files.map(\.length)
    let length = BlockPacker.Entry.length
    try directory.forEach(unit: files.count * length) { bytes throws(Failure) in
      for (column, file) in files.enumerated() {
        var part: [UInt8] = []
        var at = column * length
        while at < bytes.count {
          part += bytes[at..<at + length]
          at += files.count * length
        }
        try file.append(part)
      }
    }
    for (column, file) in files.enumerated() {
      try file.end(
        IndexHeader(rising[column] ? .rising : .packed, count: count, directory: places[column]))
    }
    return files
  }
}
