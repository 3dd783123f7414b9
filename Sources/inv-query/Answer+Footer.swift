import InvAnswer
import InvFormat
import InvSystem
import InvText

extension Answer {
  /// Where the figures come from, and what they leave out.
  var footer: [String] {
    var lines = index.indexes.flatMap { sources(of: $0) }
    let clause = settings.clause.map { escaped($0) }.joined(separator: ",")
    let parts = (clause.isEmpty ? [] : ["only where \(clause)"]) + people
    if !parts.isEmpty { lines.append(parts.joined(separator: ", ")) }
    let (leftOut, setAside) = (
      index.auditCount(\.leftOutCount), index.auditCount(\.setAsideCount)
    )
    if leftOut > 0 {
      lines.append("\(HumanSize.text(count: leftOut)) rows were left out on request")
    }
    if setAside > 0 {
      lines.append("\(HumanSize.text(count: setAside)) rows were set aside: --audit")
    }
    return lines + (pricing?.region.footer ?? [])
  }

  /// What one index is of; where it is one of several, which one.
  private func sources(of index: Index) -> [String] {
    let schema = index.schema
    var lines = schema.origins.map { origin in
      let time = origin.snapshot.flatMap { Timestamp.text($0) } ?? "of unknown time"
      return (origin.bucket.isEmpty ? "" : "\(escaped(origin.bucket)), ") + time
        + (origin.mount.isEmpty ? "" : ", under \(escaped(origin.mount))")
    }
    if lines.count > 4 { lines = lines[..<3] + ["and \(lines.count - 3) more"] }
    let place = self.index.isSeveral ? "\(escaped(index.path)): " : ""
    if let under = schema.under { lines.append(place + "only what is under \(escaped(under))") }
    if let depth = schema.maxDepth { lines.append(place + "cut at depth \(depth)") }
    return lines
  }

  /// Whose objects count: `only of owner ann or 1004`.
  private var people: [String] {
    let lists = [
      ("owner", settings.owners, settings.isMine ? Accounts.own(.user) : nil),
      ("group", settings.groups, settings.isMyGroup ? Accounts.own(.group) : nil),
    ]
    return lists.compactMap { name, people, own in
      let all = people.map { escaped($0) } + (own.map { ["\($0)"] } ?? [])
      return all.isEmpty ? nil : "only of \(name) \(all.joined(separator: " or "))"
    }
  }
}
