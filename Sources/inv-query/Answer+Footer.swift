import InvAnswer
import InvFormat
import InvSystem
import InvText

extension Answer {
  /// Where the figures come from, and what they leave out.
  var footer: [String] {
    let schema = index.schema
    var lines = schema.origins.map { origin in
      let time = origin.snapshot.flatMap { Timestamp.text($0) } ?? "of unknown time"
      return "\(escaped(origin.bucket)), \(time)"
        + (origin.mount.isEmpty ? "" : ", under \(escaped(origin.mount))")
    }
    if lines.count > 4 { lines = lines[..<3] + ["and \(lines.count - 3) more"] }
    if let under = schema.under { lines.append("only what is under \(escaped(under))") }
    if let depth = schema.maxDepth { lines.append("cut at depth \(depth)") }
    let parts = settings.clause + people
    if !parts.isEmpty {
      lines.append("only where \(escaped(Array(parts.joined(separator: [0x2c]))))")
    }
    let audit = index.manifest.audit
    if audit.leftOutCount > 0 {
      lines.append("\(HumanSize.text(count: audit.leftOutCount)) rows were left out on request")
    }
    if audit.setAsideCount > 0 {
      lines.append("\(HumanSize.text(count: audit.setAsideCount)) rows were set aside: --audit")
    }
    return lines + (pricing?.region.footer ?? [])
  }

  /// Whose objects count, as a clause says it.
  private var people: [[UInt8]] {
    let lists = [
      ("owner=", settings.owners, settings.isMine ? Accounts.own(.user) : nil),
      ("group=", settings.groups, settings.isMyGroup ? Accounts.own(.group) : nil),
    ]
    return lists.compactMap { name, people, own in
      let all = people + (own.map { [Array("\($0)".utf8)] } ?? [])
      return all.isEmpty ? nil : Array(name.utf8) + all.joined(separator: [0x2c])
    }
  }
}
