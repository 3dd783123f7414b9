import InvCLI

command.main(aggregate)
