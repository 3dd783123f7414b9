public import InvFormat
import InvText

extension Table {
  /// One entry of a list: names with their values, and figures.
  public struct Entry: Sendable {
    let words: [(name: String, value: [UInt8]?)]
    let objects: UInt64
    let bytes: UInt64
    /// nil where costs are not asked for; within, nil where there is no price.
    let cost: Amount??

    public init(
      _ words: [(name: String, value: [UInt8]?)], objects: UInt64, bytes: UInt64,
      cost: Amount?? = nil
    ) {
      (self.words, self.objects, self.bytes, self.cost) = (words, objects, bytes, cost)
    }
  }

  /// Entries of their own, such as what a prefix has of each class.
  public mutating func list(_ entries: [Entry]) {
    writeList(entries) { entry, object in
      for word in entry.words { object.member(word.name, word.value) }
      object.member("objects", entry.objects)
      object.member("bytes", entry.bytes)
      if let cost = entry.cost { object.member("cost", cost) }
    }
  }

  /// The lines of a bill, what no price is known for, and what costs nothing.
  public mutating func list(_ bill: Bill) {
    typealias Line = (inout JSONLine) -> Void
    var lines: [Line] = bill.lines.map { line in
      return { object in
        object.member("class", line.name)
        let state = line.isCurrent ? ObjectState.current : .noncurrent
        object.member("state", Array(state.name.utf8))
        object.member("objects", UInt64(clamping: line.objects))
        object.member("bytes", UInt64(clamping: line.bytes))
        object.member("billed_bytes", UInt64(clamping: line.billed))
        object.member("overhead_bytes", UInt64(clamping: line.overheadBytes))
        object.member("storage", line.storage)
        object.member("overhead", line.overhead)
        object.member("monitoring", line.monitoring)
        object.member("cost", line.total)
      }
    }
    for (rests, isFree) in [(bill.unpriced, false), (bill.free, true)] {
      lines += rests.map { rest in
        { object in
          object.member("class", isFree ? nil : rest.name)
          object.member("state", isFree ? rest.name : nil)
          object.member("objects", UInt64(clamping: rest.objects))
          object.member("bytes", UInt64(clamping: rest.bytes))
          let none: Amount? = nil
          for name in ["billed_bytes", "overhead_bytes", "storage", "overhead", "monitoring"] {
            object.member(name, none)
          }
          object.member("cost", isFree ? bill.total.none : nil)
        }
      }
    }
    writeList(lines) { line, object in line(&object) }
  }

  /// What an answer is of.
  public mutating func sources(_ origins: [Origin]) {
    writeList(origins) { origin, object in
      object.member("mount", origin.mount)
      object.member("name", origin.bucket)
      object.member(
        "snapshot", origin.snapshot.flatMap { Timestamp.text($0) }.map { Array($0.utf8) })
    }
  }

  private mutating func writeList<Element>(
    _ elements: [Element], _ write: (Element, inout JSONLine) -> Void
  ) {
    guard next() else { return }
    ready.append(0x5b)
    for (number, element) in elements.enumerated() {
      if number > 0 { ready.append(0x2c) }
      var object = JSONLine()
      write(element, &object)
      ready += object.text
    }
    ready.append(0x5d)
  }
}
