// Written by `make prices` from prices/aws-s3.prices.

/// The prices that come with the program.
let shippedPrices = #"""
  # Prices of Amazon S3 storage: inv-prices(5) says how to read and write this.
  # Money for one GiB (2^30 bytes, what Amazon calls a GB) and a month, before taxes, discounts,
  # requests and transfer. Check the date before you rely on it.
  prices 1
  currency USD

  region us-east-1
  date 2025-10-28
  source AWS Price List API, AmazonS3, prices effective 2025-10-01, as transcribed on 2025-10-28
  source GLACIER, DEEP_ARCHIVE and REDUCED_REDUNDANCY: as other public tools have them, undated

  class STANDARD
  price 0.023 to 50TiB
  price 0.022 to 500TiB
  price 0.021

  class STANDARD_IA
  price 0.0125
  minimum 128KiB

  class ONEZONE_IA
  price 0.01
  minimum 128KiB

  class REDUCED_REDUNDANCY
  price 0.024

  class GLACIER_IR
  price 0.004
  minimum 128KiB

  class GLACIER
  price 0.0036
  overhead 32KiB
  overhead 8KiB at STANDARD

  class DEEP_ARCHIVE
  price 0.00099
  overhead 32KiB
  overhead 8KiB at STANDARD

  # Objects below 128 KiB are not monitored and never leave the first tier; the fee is for 1000.
  class INTELLIGENT_TIERING/FREQUENT_ACCESS
  price 0.023 to 50TiB
  price 0.022 to 500TiB
  price 0.021
  monitor 0.0025 from 128KiB

  class INTELLIGENT_TIERING/INFREQUENT_ACCESS
  price 0.0125
  monitor 0.0025 from 128KiB
  below 128KiB as INTELLIGENT_TIERING/FREQUENT_ACCESS

  class INTELLIGENT_TIERING/ARCHIVE_INSTANT_ACCESS
  price 0.004
  monitor 0.0025 from 128KiB
  below 128KiB as INTELLIGENT_TIERING/FREQUENT_ACCESS

  class INTELLIGENT_TIERING/ARCHIVE_ACCESS
  price 0.0036
  overhead 32KiB
  overhead 8KiB at STANDARD
  monitor 0.0025 from 128KiB
  below 128KiB as INTELLIGENT_TIERING/FREQUENT_ACCESS

  class INTELLIGENT_TIERING/DEEP_ARCHIVE_ACCESS
  price 0.00099
  overhead 32KiB
  overhead 8KiB at STANDARD
  monitor 0.0025 from 128KiB
  below 128KiB as INTELLIGENT_TIERING/FREQUENT_ACCESS

  """#
