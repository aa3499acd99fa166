.PHONY: model smoke
model smoke:
	$(MAKE) -C training $@
