"""What is done with remote stores: kept (`managing`), read (`pulling`), sent to (`forwarding`), and when."""
