import InvAnswer
import InvFormat
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
    if !settings.clause.isEmpty {
      lines.append("only where \(escaped(Array(settings.clause.joined(separator: [0x2c]))))")
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
}
