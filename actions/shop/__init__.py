"""The demo shop: a small online shop's own system, with customers, orders and products."""

from actions.shop.actions import register
from actions.shop.rules import Order
from actions.shop.shop import Shop, open_shop

__all__ = ["Order", "Shop", "open_shop", "register"]
