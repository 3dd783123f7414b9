import InvSystem

/// What the records of a scan look like: inv-parse(1), "Templates".
struct ScanTemplate: Equatable, Sendable {
  /// Text as it stands, or a field.
  enum Part: Equatable {
    case text([UInt8])
    case field(ScanField)
    /// The date and the time of day, and what is between them.
    case stamp(ScanField, separator: UInt8)
  }

  /// A field and the text that follows it.
  struct Step: Equatable, Sendable {
    var field: ScanField
    /// Between the date and the time of day.
    var separator: UInt8 = 0
    /// The first bytes of the text, up to eight, and which of a word they are.
    var word: UInt64 = 0
    var mask: UInt64 = 0
    var count = 0
    /// Where the rest of it is in `texts`.
    var rest = 0..<0

    /// The first byte of the text.
    var stop: UInt8 { UInt8(truncatingIfNeeded: word) }
  }

  private(set) var steps: [Step] = []
  /// Texts as far as steps have no room for them.
  private(set) var texts: [UInt8] = []
  /// The text that records begin with.
  private(set) var front: [UInt8] = []
  private(set) var roles = ScanRoles()
  /// The byte that ends a record.
  let terminator: UInt8
  /// Whether paths are relative to where the scan began.
  private(set) var hasRelativePaths = false

  /// Whether what looks like a message of the scan is one, though the template may fit it: not where all
  /// records may look so, as paths do.
  var isUnlikeMessages: Bool {
    guard terminator == newline else { return false }
    return front.first.map { !ScanMessage.mayBegin($0) } ?? !steps.isEmpty
  }

  /// The template that a person wrote.
  init(_ text: [UInt8]) throws(Failure) {
    var reader = ScanTemplateReader(text)
    let parts = try reader.parts()
    try self.init(parts, terminator: reader.terminator)
  }

  /// The template of `parts`, the last of them the path.
  init(_ parts: [Part], terminator: UInt8) throws(Failure) {
    self.terminator = terminator
    var last: ScanField?
    for part in parts {
      switch part {
      case .text(let text):
        guard !text.contains(terminator) else { throw Self.early }
        if steps.isEmpty && last == nil { front += text } else { append(text) }
      case .field(let field), .stamp(let field, _):
        guard last == nil || hasText else {
          throw .usage("--template: two fields have nothing between them")
        }
        if let role = field.role, !roles.insert(role) {
          throw .usage("--template: two fields for the same, the \(role)")
        }
        last = field
        if field == .path || field == .relativePath {
          hasRelativePaths = field == .relativePath
        } else {
          steps.append(Step(field: field))
          if case .stamp(_, let separator) = part {
            guard separator != terminator else { throw Self.early }
            steps[steps.count - 1].separator = separator
          }
        }
      }
      guard !roles.has(.path) || part == parts.last else {
        throw .usage("--template: %p or %P, the path, must come last")
      }
    }
    guard roles.has(.path) else { throw .usage("--template: no %p or %P, the path, at its end") }
  }

  private static let early = Failure.usage(
    "--template: the end of a record stands before that of the template")

  /// Whether the last step has a text.
  private var hasText: Bool { steps.last.map { $0.count > 0 } ?? true }

  private mutating func append(_ text: [UInt8]) {
    let place = steps.count - 1
    for byte in text {
      if steps[place].count < 8 {
        let shift = UInt64(8 * steps[place].count)
        steps[place].word |= UInt64(byte) << shift
        steps[place].mask |= 0xff << shift
        steps[place].count += 1
      } else {
        if steps[place].rest.isEmpty { steps[place].rest = texts.count..<texts.count }
        texts.append(byte)
        steps[place].rest = steps[place].rest.lowerBound..<texts.count
      }
    }
  }
}
