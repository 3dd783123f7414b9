/// What becomes of a row of an inventory; the raw value is the reason as audits and messages give it.
public enum RowVerdict: String, CaseIterable, Sendable {
  case counted = "counted"
  // Left out on request.
  case outside = "outside of --under"
  case excluded = "matches --exclude"
  case passedOver = "left out when it was listed"
  // Set aside.
  case fieldCount = "wrong number of fields"
  case openQuote = "a quoted field has no end"
  case afterQuote = "text after a closing quote"
  case strayQuote = "a quote in an unquoted field"
  case slashInName = "a name with a slash in it"
  case longRow = "a row of more than 1 MiB"
  case emptyKey = "the key is empty"
  case longKey = "the key is longer than 65536 bytes"
  case nulInKey = "the key contains a NUL byte"
  case noSize = "the size is empty"
  case badSize = "the size is not a number of bytes"
  case badTime = "the time is not one of RFC 3339"
  case badState = "IsLatest or IsDeleteMarker is neither true nor false"
  case badKind = "what the row is, such as a directory, is not said"
  case badFile = "unreadable file"
}
